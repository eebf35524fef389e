import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCheckpoint } from '../../../src/checkpoint/checkpoint.ts';
import { startCountingProcess } from './counting-process.ts';
import { destinationName, type Arrivals, type Sink, type SinkPlace } from './sink.ts';

/** What the agent's checkpoint says it delivered: asking the agent would cost it time. */
const readDelivered = async (state: string): Promise<Arrivals> => {
  const file = join(state, 'checkpoints', `${destinationName}.json`);
  if (!existsSync(file)) return { events: 0, uniqueIds: undefined };
  const { services } = parseCheckpoint(await readFile(file, 'utf8'));
  return { events: services.reduce((sum, { settled }) => sum + (settled.delivered ?? 0), 0), uniqueIds: undefined };
};

const startBlackhole = (place: SinkPlace): Sink => ({
  destination: { type: 'blackhole' },
  count: async () => await readDelivered(place.state),
  close: () => undefined,
});

/** One file that is never rotated: compressing what was rotated is another thing to measure. */
const startFile = async ({ folder }: SinkPlace): Promise<Sink> => {
  const path = join(folder, 'lines.ndjson');
  const counting = await startCountingProcess('file', [path]);
  return { ...counting, destination: { type: 'file', path, max_size: '1000GiB' } };
};

const startHttp = async (): Promise<Sink> => {
  const counting = await startCountingProcess('http');
  return { ...counting, destination: { type: 'loggly', token: 'not-a-secret', endpoint: counting.address } };
};

const startCloudwatch = async (): Promise<Sink> => {
  const counting = await startCountingProcess('cloudwatch');
  return { ...counting, destination: { type: 'cloudwatch', region: 'us-east-1', endpoint: counting.address } };
};

/** The sinks, by the names of their stages. */
export const sinks = {
  blackhole: startBlackhole,
  file: startFile,
  http: startHttp,
  cloudwatch: startCloudwatch,
} as const satisfies Readonly<Record<string, (place: SinkPlace) => Sink | Promise<Sink>>>;

export type SinkName = keyof typeof sinks;
