import { setTimeout as delay } from 'node:timers/promises';
import { fromStructured } from '../end-to-end/arrival.ts';
import { numberIn } from '../end-to-end/numbered-line.ts';
import type { FakeRequest } from '../fakes/http/exchange.ts';
import type { Fault } from '../fakes/http/fault.ts';
import { logdnaVerdicts } from '../fakes/logdna.ts';
import { moods } from './mood.ts';
import type { ChaosRig } from './rig.ts';
import { describeChaos, scenario } from './scenario.ts';
import { type ChaosService, startCloudwatch, startLogdna, startLoggly } from './services.ts';

const numbersIn = (texts: readonly string[]): readonly number[] => texts.flatMap((text) => numberIn(text) ?? []);

/** A fault that every request meets. */
const always = (fault: Fault) => ({ random: () => 0, rate: 1, faults: [fault] });

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Writes until all that is to be refused has been, and is booked: a refusal is believed only once others are taken. */
const writeUntilRefused = async (rig: ChaosRig, service: ChaosService, isRefused: (number: number) => boolean) => {
  const refused = (): readonly number[] => rig.lines.map(({ number }) => number).filter(isRefused);
  await rig.until('all refused lines are booked', async () => {
    if (isRefused(rig.lines.length - 1)) await rig.write(1);
    const { droppedTotal } = await rig.balanceOf(service);
    if (droppedTotal >= rig.recordsOf(refused())) return true;
    await rig.write(1);
    await delay(100);
    return false;
  });
  const numbers = refused();
  rig.excuse(service, numbers);
  return rig.recordsOf(numbers);
};

const isBadLine = (number: number): boolean => number % 11 === 3;
const isTooLarge = (number: number): boolean => number % 37 === 5;

describeChaos('services that refuse', () => {
  scenario('at random in every way at once, while the agent is killed, get every line', async (rig) => {
    const services = [await startCloudwatch(rig.random), await startLoggly(rig.random), await startLogdna(rig.random)];
    await rig.shipTo(...services);
    rig.startAgent();
    for (let phase = 0; phase < 6; phase += 1) {
      for (const service of services) service.setMood(moods[rig.between(0, moods.length)] ?? 'sound');
      await rig.write(rig.between(50, 300));
      await delay(rig.between(200, 1200));
      if (rig.random() < 0.4) continue;
      await rig.kill();
      rig.startAgent();
    }
    return undefined;
  });

  scenario('ranges of a request that they answer with 200 are booked under their reasons', async (rig) => {
    const cloudwatch = await startCloudwatch(rig.random);
    await rig.shipTo(cloudwatch);
    rig.startAgent();
    for (let round = 0; round < 8; round += 1) {
      const ranges = [
        { tooOldLogEventEndIndex: 1 },
        { expiredLogEventEndIndex: rig.between(1, 3) },
        { tooNewLogEventStartIndex: rig.between(0, 6) },
        { tooOldLogEventEndIndex: 1, expiredLogEventEndIndex: 2, tooNewLogEventStartIndex: 4 },
      ];
      cloudwatch.fake.failNext({ rejectedRanges: ranges[rig.between(0, ranges.length)] ?? {} });
      await rig.write(rig.between(20, 100));
      await delay(rig.between(50, 250));
    }
    const written = rig.lines.length;
    await rig.until('everything has come or was refused', () => {
      const refused = numbersIn(cloudwatch.fake.refused.map(({ message }) => fromStructured(message).message));
      return new Set([...rig.numbersAt(cloudwatch), ...refused]).size === written;
    });
    // The agent's own notices of what was refused may be refused as well.
    const lines = cloudwatch.fake.refused.filter(({ message }) => fromStructured(message).id.startsWith('1'));
    const dropped = Object.fromEntries(
      Array.from(
        Map.groupBy(lines, ({ as }) => as),
        ([as, events]) => {
          const messages = events.map(({ message }) => fromStructured(message).message);
          rig.excuse(cloudwatch, numbersIn(messages));
          return [as, sumOf(messages.map((message) => rig.recordsOf([numberIn(message) ?? -1])))];
        },
      ),
    );
    return { cloudwatch: { dropped } };
  });

  scenario('one group all the time hold up no other group, and get its lines once it is granted', async (rig) => {
    const cloudwatch = await startCloudwatch(rig.random);
    await rig.shipTo(cloudwatch);
    const denied = 'gamma';
    cloudwatch.fake.denied.add(denied);
    rig.startAgent();
    for (let round = 0; round < 3; round += 1) {
      await rig.write(rig.between(100, 400));
      await rig.untilHas(
        cloudwatch,
        rig.lines.filter(({ service }) => service !== denied),
      );
      if (rig.random() < 0.3) continue;
      await rig.kill();
      rig.startAgent();
    }
    await rig.checkBalance();
    cloudwatch.fake.denied.delete(denied);
    // A new agent asks at once; the one that runs asks again within some minutes.
    await rig.kill();
    rig.startAgent();
    await rig.write(rig.between(0, 100));
    return undefined;
  });

  scenario('single lines of a request are booked as told, line by line', async (rig) => {
    const logdna = await startLogdna(rig.random);
    await rig.shipTo(logdna);
    const askedOnce = new Set<number>();
    const statusOf = (number: number | undefined): number => {
      if (number === undefined) return 200;
      if (isBadLine(number)) return 400;
      if (number % 7 !== 2 || askedOnce.has(number)) return 200;
      askedOnce.add(number);
      logdna.askedAgain.add(number);
      return 500;
    };
    const judgeLines: Fault = {
      kind: 'instead',
      serve: (request: FakeRequest) => {
        const lines = request.body.toString().split('{"timestamp":').slice(1);
        const verdicts = logdnaVerdicts((index) => statusOf(numberIn(lines[index] ?? '')));
        return verdicts.kind === 'instead' ? verdicts.serve(request) : undefined;
      },
    };
    logdna.fake.chaos(always(judgeLines));
    rig.startAgent();
    for (let round = 0; round < 3; round += 1) {
      await rig.write(rig.between(50, 200));
      await delay(rig.between(0, 1500));
      await rig.kill();
      rig.startAgent();
    }
    const refused = await writeUntilRefused(rig, logdna, isBadLine);
    return { logdna: { dropped: { rejected: refused } } };
  });

  scenario('requests for their size are halved until the line is alone that is too large', async (rig) => {
    const loggly = await startLoggly(rig.random);
    await rig.shipTo(loggly);
    const refuseLarge: Fault = {
      kind: 'instead',
      serve: ({ body }: FakeRequest) =>
        numbersIn(body.toString().split('\n')).some(isTooLarge)
          ? { answer: { status: 413, body: '{"response":"request entity too large"}' }, accepted: [] }
          : undefined,
    };
    loggly.fake.chaos(always(refuseLarge));
    rig.startAgent();
    for (let round = 0; round < 3; round += 1) {
      await rig.write(rig.between(50, 150));
      await delay(rig.between(0, 1500));
      if (rig.random() < 0.5) continue;
      await rig.kill();
      rig.startAgent();
    }
    const refused = await writeUntilRefused(rig, loggly, isTooLarge);
    return { loggly: { dropped: { 'too large': refused } } };
  });
});
