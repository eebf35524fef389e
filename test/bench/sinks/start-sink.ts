import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCheckpoint } from '../../../src/checkpoint/checkpoint.ts';
import { combineSinks } from './combine-sinks.ts';
import { startCountingProcess } from './counting-process.ts';
import type { Arrivals, Sink, SinkPlace } from './sink.ts';

/** What the agent's checkpoint says it delivered: asking the agent would cost it time. */
const readDelivered = async (state: string, destination: string): Promise<Arrivals> => {
  const file = join(state, 'checkpoints', `${destination}.json`);
  if (!existsSync(file)) return { events: 0 };
  const { services } = parseCheckpoint(await readFile(file, 'utf8'));
  return { events: services.reduce((sum, { settled }) => sum + (settled.delivered ?? 0), 0) };
};

const startBlackhole = (place: SinkPlace): Sink => ({
  destinations: { blackhole: {} },
  count: async () => await readDelivered(place.state, 'blackhole'),
  close: () => undefined,
});

/** One file that is never rotated: compressing what was rotated is another thing to measure. */
const startFile = async ({ folder }: SinkPlace): Promise<Sink> => {
  const path = join(folder, 'lines.ndjson');
  const counting = await startCountingProcess('file', [path]);
  return { ...counting, destinations: { file: { path, max_size: '1000GiB' } } };
};

const startHttpWith = async (options: object): Promise<Sink> => {
  const counting = await startCountingProcess('http');
  return { ...counting, destinations: { loggly: { token: 'not-a-secret', endpoint: counting.address, ...options } } };
};

const startHttp = async (): Promise<Sink> => await startHttpWith({});

const startHttpGzip = async (): Promise<Sink> => await startHttpWith({ compression: 'gzip' });

const startCloudwatch = async (): Promise<Sink> => {
  const counting = await startCountingProcess('cloudwatch');
  return { ...counting, destinations: { cloudwatch: { region: 'us-east-1', endpoint: counting.address } } };
};

const startThree = async (place: SinkPlace): Promise<Sink> =>
  combineSinks([await startFile(place), await startHttp(), await startCloudwatch()]);

/** The sinks, by the names of their stages. */
export const sinks = {
  blackhole: startBlackhole,
  file: startFile,
  http: startHttp,
  'http-gzip': startHttpGzip,
  cloudwatch: startCloudwatch,
  three: startThree,
} as const satisfies Readonly<Record<string, (place: SinkPlace) => Sink | Promise<Sink>>>;

export type SinkName = keyof typeof sinks;
