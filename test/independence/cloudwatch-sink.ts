import { FakeCloudwatch } from '../fakes/cloudwatch/server.ts';
import { TimedArrivals } from './arrivals.ts';
import { serveArrivals } from './sink-protocol.ts';

// The strict fake: `node cloudwatch-sink.ts GROUPS` (JSON), which exist, each with a stream of its name. What it took is
// looked at this often, which is what its delays are exact to.
const lookEveryMs = 5;
const arrivals = new TimedArrivals();
const fake = await FakeCloudwatch.start();
for (const group of JSON.parse(process.argv[2] ?? '[]') as readonly string[]) fake.addGroup(group, group);

let looked = 0;
setInterval(() => {
  const nowMs = Date.now();
  for (; looked < fake.received.length; looked += 1) {
    const { group = '', message = '' } = fake.received[looked] ?? {};
    arrivals.add(group, message, nowMs);
  }
}, lookEveryMs);

serveArrivals(fake.url, arrivals, (mood) => {
  fake.denied.clear();
  if (mood !== 'sound') fake.denied.add(mood);
});
