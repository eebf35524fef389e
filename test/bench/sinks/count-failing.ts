import { passingCloudwatchFaults, passingLogdnaFaults, passingLogglyFaults } from '../../end-to-end/chaos.ts';
import { FakeCloudwatch } from '../../fakes/cloudwatch/server.ts';
import type { FakeServer } from '../../fakes/http/fake-server.ts';
import { startFakeLogdna } from '../../fakes/logdna.ts';
import { startFakeLoggly } from '../../fakes/loggly.ts';
import { makeContainers } from '../containers.ts';
import { seededRandom } from '../random.ts';
import { IdCounter } from './id-counter.ts';
import { serveCount } from './serve-count.ts';

// A strict fake of which a share of the requests goes wrong: `node count-failing.ts KIND RATE SEED`.
const [kind, rateText, seedText] = process.argv.slice(2);
const chaos = { random: seededRandom(Number(seedText)), rate: Number(rateText) };
const token = 'not-a-secret';
const counter = new IdCounter();

const serve = (address: string, texts: () => readonly string[]): void => {
  let counted = 0;
  serveCount(address, () => {
    const all = texts();
    for (; counted < all.length; counted += 1) counter.add(all[counted] ?? '');
    return counter.arrivals;
  });
};

const serveHttp = (fake: FakeServer): void => {
  const texts: string[] = [];
  serve(fake.url, () => {
    for (const { text } of fake.received.slice(texts.length)) texts.push(text);
    return texts;
  });
};

const serveCloudwatch = async (): Promise<void> => {
  const fake = await FakeCloudwatch.start({ chaos: { ...chaos, faults: passingCloudwatchFaults } });
  const byService = Map.groupBy(makeContainers(), ({ service }) => service);
  for (const [service, containers] of byService) fake.addGroup(service, ...containers.map(({ name }) => name));
  const texts: string[] = [];
  serve(fake.url, () => {
    for (const { message } of fake.received.slice(texts.length)) texts.push(message);
    return texts;
  });
};

if (kind === 'cloudwatch') await serveCloudwatch();
else {
  const fake = kind === 'loggly' ? await startFakeLoggly(token) : await startFakeLogdna(token);
  fake.chaos({ ...chaos, faults: kind === 'loggly' ? passingLogglyFaults : passingLogdnaFaults(() => undefined) });
  serveHttp(fake);
}
