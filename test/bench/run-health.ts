import { type AnswerTimes, type HealthAsker, startHealthAsker } from './health-asker.ts';
import type { Reader } from './readers.ts';
import { servePage } from './serve-page.ts';
import type { SinkName } from './sinks/start-sink.ts';
import { waitForLines } from './wait-for-lines.ts';
import { withAgent } from './with-agent.ts';
import type { Workload } from './workload.ts';

/** How soon the health page answers while the agent ships as fast as it can. */
export interface HealthFigures extends AnswerTimes {
  readonly stage: SinkName;
  readonly reader: Reader;
  /** The same of a page whose process is idle: what waiting for a processor takes. */
  readonly idleP99Ms: number;
  readonly idleMaxMs: number;
}

const listen = '127.0.0.1:0';

/** Taking a profile delays answers. */
const unprofiled = (workload: Workload): Workload => ({ ...workload, profileFolder: undefined });

const withAsker = async <Result>(use: (asker: HealthAsker) => Promise<Result>): Promise<Result> => {
  const { url, server } = await servePage();
  try {
    const asker = await startHealthAsker(url);
    return await use(asker).finally(() => asker.close());
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

/**
 * Lets the real agent ship a journal and asks its health page all the while.
 *
 * @throws when a line is missing or the page is silent.
 */
export const runHealth = async (stage: SinkName, reader: Reader, workload: Workload): Promise<HealthFigures> =>
  await withAsker(
    async (asker) =>
      await withAgent({ to: stage, reader, workload: unprofiled(workload), listen }, async (agent, sink) => {
        const { health } = await agent.whenRunning();
        if (health === undefined) throw new Error(`the agent has no health page. Its log:\n${agent.log}`);
        asker.begin(`${health}/healthz`);
        await waitForLines(agent, sink, workload.entries);
        const [times, idle] = await asker.result();
        return { stage, reader, ...times, idleP99Ms: idle.p99Ms, idleMaxMs: idle.maxMs };
      }),
  );
