import { z } from 'zod';
import { QuestionedProcess } from '../questioned-process.ts';
import type { Arrivals } from './sink.ts';

const countingPrograms = {
  cloudwatch: new URL('count-cloudwatch.ts', import.meta.url),
  failing: new URL('count-failing.ts', import.meta.url),
  file: new URL('count-file.ts', import.meta.url),
  http: new URL('count-http.ts', import.meta.url),
} as const;

const readyMessage = z.strictObject({ address: z.string() });
const arrivalsMessage = z.strictObject({ events: z.int(), uniqueIds: z.int().optional() });

/** A sink in a process of its own that gives way to others, so that what it costs is not the agent's, nor what it waits for. */
export interface CountingProcess {
  /** Where it takes events. */
  readonly address: string;
  count(): Promise<Arrivals>;
  close(): void;
}

/** Starts one; it ends with this process. */
export const startCountingProcess = async (
  kind: keyof typeof countingPrograms,
  parameters: readonly string[] = [],
): Promise<CountingProcess> => {
  const process = new QuestionedProcess(countingPrograms[kind], parameters);
  process.giveWay();
  const { address } = readyMessage.parse(await process.nextMessage());
  return {
    address,
    count: async () => arrivalsMessage.parse(await process.ask('count')),
    close: () => process.close(),
  };
};
