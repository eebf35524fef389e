import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Arrivals } from './sink.ts';

const countingPrograms = {
  cloudwatch: new URL('count-cloudwatch.ts', import.meta.url),
  failing: new URL('count-failing.ts', import.meta.url),
  file: new URL('count-file.ts', import.meta.url),
  http: new URL('count-http.ts', import.meta.url),
} as const;

const readyMessage = z.strictObject({ address: z.string() });
const arrivalsMessage = z.strictObject({ events: z.int(), uniqueIds: z.int().optional() });

/** A sink in a process of its own, so that what it costs is not the agent's. */
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
  const child = fork(fileURLToPath(countingPrograms[kind]), parameters, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(([code]): never => {
    throw new Error(`the ${kind} sink ended with ${String(code)}`);
  });
  gone.catch(() => undefined);
  const nextMessage = async (): Promise<unknown> =>
    ((await Promise.race([once(child, 'message'), gone])) as unknown[])[0];
  const { address } = readyMessage.parse(await nextMessage());
  return {
    address,
    count: async () => {
      const answer = nextMessage();
      child.send('count');
      return arrivalsMessage.parse(await answer);
    },
    close: () => {
      child.kill('SIGKILL');
    },
  };
};
