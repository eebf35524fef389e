import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentProcess } from './agent-process.ts';
import type { Figures } from './figures.ts';
import type { Reader } from './readers.ts';
import type { Workload } from './workload.ts';
import { destinationName, type Arrivals, type Sink } from './sinks/sink.ts';
import { sinks, type SinkName } from './sinks/start-sink.ts';

const countEveryMs = 50;
/** Longer than any batch waits to be filled. */
const giveUpAfterMs = 30_000;

const configOf = (journal: string, reader: Reader, state: string, sink: Sink): object => ({
  sources: { journald: { directory: journal, reader, start: 'beginning' } },
  state,
  cloud_identity: 'off',
  admin: { listen: false },
  destinations: { [destinationName]: sink.destination },
});

const hasAll = ({ events, uniqueIds = events }: Arrivals, entries: number): boolean => uniqueIds >= entries;

/** @throws when lines are missing: the agent ended, or nothing has arrived for long. */
const waitForAll = async (agent: AgentProcess, sink: Sink, entries: number): Promise<void> => {
  let last = await sink.count();
  let changedAtMs = performance.now();
  while (!hasAll(last, entries)) {
    const isStuck = performance.now() - changedAtMs > giveUpAfterMs;
    if (agent.hasExited || isStuck) {
      const missing = entries - (last.uniqueIds ?? last.events);
      const why = agent.hasExited ? 'the agent ended' : `nothing arrived for ${giveUpAfterMs / 1000} s`;
      throw new Error(`${missing} of ${entries} lines are missing: ${why}. Its log:\n${agent.log}`);
    }
    await sleep(countEveryMs);
    const now = await sink.count();
    if (now.events !== last.events) changedAtMs = performance.now();
    last = now;
  }
};

const measure = async (stage: SinkName, reader: Reader, workload: Workload, folder: string): Promise<Figures> => {
  const { journal, entries, profileFolder } = workload;
  const state = join(folder, 'state');
  const sink = await sinks[stage]({ folder, state });
  const config = configOf(journal, reader, state, sink);
  const agent = await AgentProcess.start({ config, folder, profileFolder });
  try {
    await waitForAll(agent, sink, entries);
    const { seconds, cpu, startCpuSeconds } = agent.measure();
    const memory = await agent.stop();
    const { events, uniqueIds } = await sink.count();
    return {
      stage,
      reader,
      entries,
      seconds,
      linesPerSecond: entries / seconds,
      cpuSecondsPerMillion: ((cpu.own + cpu.children) / entries) * 1e6,
      journalctlCpuSecondsPerMillion: (cpu.children / entries) * 1e6,
      startCpuSeconds,
      peakMib: memory.ownMib,
      journalctlPeakMib: memory.childMib,
      uniqueIds,
      duplicates: events - (uniqueIds ?? entries),
    };
  } finally {
    await agent.stop();
    sink.close();
  }
};

/**
 * Lets the real agent ship a journal to a sink until all of its lines are there.
 *
 * @throws when a line is missing.
 */
export const runAgent = async (stage: SinkName, reader: Reader, workload: Workload): Promise<Figures> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-run-'));
  await mkdir(join(folder, 'state'));
  try {
    return await measure(stage, reader, workload, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
