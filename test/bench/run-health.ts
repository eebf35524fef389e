import { type AnswerTimes, startHealthAsker } from './health-asker.ts';
import type { Reader } from './readers.ts';
import type { SinkName } from './sinks/start-sink.ts';
import { waitForLines } from './wait-for-lines.ts';
import { withAgent } from './with-agent.ts';
import type { Workload } from './workload.ts';

/** How soon the health page answers while the agent ships as fast as it can. */
export interface HealthFigures extends AnswerTimes {
  readonly stage: SinkName;
  readonly reader: Reader;
}

/**
 * Lets the real agent ship a journal and asks its health page all the while.
 *
 * @throws when a line is missing or the page is silent.
 */
export const runHealth = async (stage: SinkName, reader: Reader, workload: Workload): Promise<HealthFigures> =>
  await withAgent({ to: stage, reader, workload, listen: '127.0.0.1:0' }, async (agent, sink) => {
    const { health } = await agent.whenRunning();
    if (health === undefined) throw new Error(`the agent has no health page. Its log:\n${agent.log}`);
    const asker = startHealthAsker(`${health}/healthz`);
    try {
      await waitForLines(agent, sink, workload.entries);
      return { stage, reader, ...(await asker.result()) };
    } finally {
      asker.close();
    }
  });
