import { type Figures, figuresOf } from './figures.ts';
import type { Reader } from './readers.ts';
import type { SinkName } from './sinks/start-sink.ts';
import { sustainedRate } from './sustained-rate.ts';
import { waitForLines } from './wait-for-lines.ts';
import { withAgent } from './with-agent.ts';
import type { Workload } from './workload.ts';

/**
 * Lets the real agent ship a journal to a sink until all of its lines are there.
 *
 * @throws when a line is missing.
 */
export const runAgent = async (stage: SinkName, reader: Reader, workload: Workload): Promise<Figures> =>
  await withAgent({ to: stage, reader, workload, listen: false }, async (agent, sink) => {
    const { entries } = workload;
    const samples = await waitForLines(agent, sink, entries);
    const { seconds, cpu, startCpuSeconds } = agent.measure();
    const memory = await agent.stop();
    const { events, uniqueIds } = await sink.count();
    return figuresOf({
      stage,
      reader,
      entries,
      seconds,
      sustainedLinesPerSecond: sustainedRate(samples, entries),
      cpuSeconds: cpu.own + cpu.children,
      journalctlCpuSeconds: cpu.children,
      startCpuSeconds,
      peakMib: memory.ownMib,
      journalctlPeakMib: memory.childMib,
      uniqueIds,
      duplicates: events - (uniqueIds ?? entries),
    });
  });
