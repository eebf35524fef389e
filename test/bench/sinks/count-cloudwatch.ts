import { FakeCloudwatch } from '../../fakes/cloudwatch/server.ts';
import { makeContainers } from '../containers.ts';
import { IdCounter } from './id-counter.ts';
import { serveCount } from './serve-count.ts';

// The strict fake; the groups and streams of all containers exist, since creating them is paced by quotas.
const counter = new IdCounter();
const fake = await FakeCloudwatch.start();
const byService = Map.groupBy(makeContainers(), ({ service }) => service);
for (const [service, containers] of byService) fake.addGroup(service, ...containers.map(({ name }) => name));

let counted = 0;
serveCount(fake.url, () => {
  const { received } = fake;
  for (; counted < received.length; counted += 1) counter.add(received[counted]?.message ?? '');
  return counter.arrivals;
});
