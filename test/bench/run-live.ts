import { setTimeout as sleep } from 'node:timers/promises';
import { secondsUntil } from '../independence/bed.ts';
import { SinkProcess } from '../independence/sink-process.ts';
import type { AgentProcess } from './agent-process.ts';
import { type LiveFigures, measureIdle, type Pace, percentOfCore, warmUpSeconds } from './live-figures.ts';
import type { Reader } from './readers.ts';
import { withLogging } from './with-logging.ts';

const atMostSeconds = 60;

const measureBusy = async (agent: AgentProcess, sink: SinkProcess, seconds: number) => {
  await sleep(warmUpSeconds * 1000);
  const fromMs = Date.now();
  const { own, children } = await percentOfCore(agent, seconds);
  const toMs = Date.now();
  const hasSpan = async (): Promise<boolean> => Date.now() - (await sink.behindMs()) > toMs;
  await secondsUntil('the sink has the span', atMostSeconds, hasSpan);
  const { events, p50Ms, p99Ms } = await sink.delays({ fromMs, toMs });
  const linesPerSecond = (1000 * events) / (toMs - fromMs);
  return { linesPerSecond, cpuPercent: own + children, journalctlCpuPercent: children, p50Ms, p99Ms };
};

/**
 * Lets the real agent follow a live journald, and then one that is silent, and ship to an HTTP service that notes when
 * lines come.
 *
 * @param maxAge `batch.max_age`; undefined: the adapter's default.
 */
export const runLive = async (
  reader: Reader,
  maxAge: string | undefined,
  { linesPerSecond, seconds }: Pace,
): Promise<LiveFigures> =>
  await withLogging(linesPerSecond, async (bed) => {
    const sink = await SinkProcess.start('http');
    const batch = maxAge === undefined ? {} : { batch: { max_age: maxAge } };
    const loggly = { token: 'not-a-secret', endpoint: sink.address, ...batch };
    const agent = await bed.startAgent({ loggly }, reader);
    try {
      const busy = await measureBusy(agent, sink, seconds);
      bed.endLogging();
      const idle = await measureIdle(agent, seconds);
      return { stage: maxAge === undefined ? 'live' : `live, max_age ${maxAge}`, reader, ...busy, ...idle };
    } finally {
      await agent.stop();
      sink.close();
    }
  });
