import { setTimeout as delay } from 'node:timers/promises';
import type { LiveJournal } from './live-journal.ts';
import type { ChaosRig } from './rig.ts';
import { describeChaos, scenario } from './scenario.ts';
import { type ChaosService, startCloudwatch, startLoggly } from './services.ts';

type Rig = ChaosRig<LiveJournal>;

/** Numbers of the lines that the journal holds. */
const heldBy = async (rig: Rig): Promise<ReadonlySet<number>> =>
  new Set((await rig.journal.read()).entries.flatMap(({ number }) => number ?? []));

/** Lets the service off what neither it nor the journal has any more; gives the numbers of those lines. */
const excuseGone = async (rig: Rig, service: ChaosService): Promise<ReadonlySet<number>> => {
  const held = await heldBy(rig);
  const has = rig.numbersAt(service);
  const gone = rig.lines.map(({ number }) => number).filter((number) => !held.has(number) && !has.has(number));
  rig.excuse(service, gone);
  return new Set(gone);
};

/** Entries lost before they could be read, by the ledger of a service as it stands on disk. */
const lostTo = async (rig: Rig, service: ChaosService): Promise<number> => {
  const { services } = await rig.checkpointOf(service);
  return services.reduce((sum, { lost }) => sum + (lost['journal gap'] ?? 0), 0);
};

/** Old files are made and filled with these many lines each. */
const fillFiles = async (rig: Rig, files: number, lines: number): Promise<void> => {
  for (let file = 0; file < files; file += 1) {
    await rig.write(lines);
    await rig.journal.journald.sync();
    await rig.journal.journald.rotate();
  }
};

describeChaos('a journal', () => {
  scenario('that is rotated, whose journald restarts and is killed, is shipped whole', async (rig) => {
    await rig.shipTo(await startCloudwatch(rig.random), await startLoggly(rig.random));
    const { journald } = rig.journal;
    const disturbances = [
      async () => await journald.rotate(),
      async () => await journald.restart(),
      async () => {
        await journald.kill();
        await journald.start();
      },
      async () => {
        await rig.kill();
        rig.startAgent();
      },
    ];
    rig.startAgent();
    for (let round = 0; round < 8; round += 1) {
      await rig.write(rig.between(20, 200));
      if (rig.random() < 0.5) await delay(rig.between(0, 500));
      // What is in journald's socket dies with it: nobody keeps that open here, as systemd does.
      await journald.sync();
      await disturbances[rig.between(0, disturbances.length)]?.();
    }
    await rig.write(50);
    return undefined;
  });

  scenario('of which a stopped destination needed what was removed has that counted, to the entry', async (rig) => {
    const [sound, behind] = [await startCloudwatch(rig.random), await startLoggly(rig.random)];
    await rig.shipTo(sound, behind);
    rig.startAgent();
    await rig.untilHas(behind, await rig.write(rig.between(50, 200)));
    await rig.stopAgent();
    behind.setMood('refusing');
    rig.startAgent();
    await fillFiles(rig, 3, rig.between(100, 300));
    await rig.untilHas(sound, rig.lines);
    await rig.stopAgent();
    const before = await rig.journal.read();
    await rig.journal.journald.vacuum(2);
    const left = await rig.journal.read();
    const checkpoint = await rig.checkpointOf(behind);
    const [shard] = Object.values(checkpoint.cursors['journald'] ?? {});
    const cursor = shard?.resume.kind === 'after' ? shard.resume.cursor : '';
    const settledUpTo = before.ofCursor(cursor)?.index ?? Number.NaN;
    const firstLeft = before.entries.length - left.entries.length;
    const lost = Math.max(0, firstLeft - settledUpTo - 1);
    const gone = await excuseGone(rig, behind);
    behind.setMood('sound');
    rig.startAgent();
    await rig.untilHas(behind, await rig.write(rig.between(1, 50)));
    if (gone.size === 0) throw new Error('nothing was lost');
    return { [behind.name]: { lost: { 'journal gap': lost } } };
  });

  scenario(
    'of which a refusing destination needs what is removed meanwhile gives it the rest',
    async (rig) => {
      const [sound, behind] = [await startCloudwatch(rig.random), await startLoggly(rig.random)];
      await rig.shipTo(sound, behind);
      rig.startAgent();
      await rig.untilHas(behind, await rig.write(rig.between(50, 200)));
      behind.setMood(rig.random() < 0.5 ? 'refusing' : 'hanging');
      await fillFiles(rig, 3, rig.between(1000, 2000));
      await rig.untilHas(sound, rig.lines);
      await rig.journal.journald.vacuum(2);
      const gone = await excuseGone(rig, behind);
      behind.setMood('sound');
      await rig.write(100);
      await rig.untilHas(
        behind,
        rig.lines.filter(({ number }) => !gone.has(number)),
      );
      const has = rig.numbersAt(behind);
      const missing = rig.recordsOf([...gone].filter((number) => !has.has(number)));
      // A piece in the lane's hands is booked when the rest of its line is gone.
      const { dropped } = await rig.balanceOf(behind);
      const { overrun = 0 } = dropped;
      await rig.until('what is lost is told', async () => overrun + (await lostTo(rig, behind)) >= missing);
      if (overrun > missing) throw new Error(`${missing} records are lost, and the agent says ${overrun}`);
      const lost = missing === 0 ? {} : { 'journal gap': await lostTo(rig, behind) };
      return { [behind.name]: { dropped, lost } };
    },
    { memory: '2MiB' },
  );

  scenario('that goes on under new boot ids is shipped whole', async (rig) => {
    await rig.shipTo(await startCloudwatch(rig.random), await startLoggly(rig.random));
    for (let boot = 0; boot < 3; boot += 1) {
      rig.startAgent();
      await rig.write(rig.between(50, 300));
      await delay(rig.between(0, 1500));
      await rig.kill();
      if (rig.random() < 0.3) await rig.write(rig.between(1, 50));
      await rig.journal.journald.sync();
      await rig.journal.journald.reboot();
      await rig.write(rig.between(1, 100));
    }
    rig.startAgent();
    return undefined;
  });

  scenario('that a power loss set back is shipped on from what is left, its numbers used again', async (rig) => {
    const services = [await startCloudwatch(rig.random), await startLoggly(rig.random)];
    await rig.shipTo(...services);
    rig.startAgent();
    await rig.write(rig.between(50, 200));
    for (let loss = 0; loss < 2; loss += 1) {
      const losePower = await rig.journal.keep();
      await rig.write(rig.between(50, 200));
      await delay(rig.between(0, 2500));
      await rig.kill();
      await losePower();
      await rig.noteUnbooked();
      await rig.write(rig.between(1, 300));
      for (const service of services) await excuseGone(rig, service);
      rig.startAgent();
      await rig.write(rig.between(1, 50));
    }
    return undefined;
  });
});
