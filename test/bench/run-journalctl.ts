import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readArguments } from '../../src/sources/journald/arguments.ts';
import { type Figures, figuresOf } from './figures.ts';
import { cpuSecondsOf, MemoryWatch } from './process-tree.ts';
import type { Workload } from './workload.ts';

const journalctl = 'journalctl';

/** Arguments as the agent gives them, but for the format, and without `--follow`. */
const argumentsOf = (journal: string, format: string): readonly string[] =>
  readArguments(
    { hostRoot: '/', directory: journal, namespace: undefined, matches: [] },
    undefined,
    { kind: 'beginning' },
    false,
  ).map((argument) => (argument.startsWith('--output=') ? `--output=${format}` : argument));

/** Lets journalctl alone print the journal to nowhere: what any agent that reads through it pays before its own work. */
export const runJournalctl = async (format: 'json' | 'export', { journal, entries }: Workload): Promise<Figures> => {
  // Its time is this process's own children's once it was waited for; nothing else may end meanwhile.
  const before = cpuSecondsOf(process.pid).children;
  const startedAtMs = performance.now();
  const child = spawn(journalctl, argumentsOf(journal, format), { stdio: 'ignore' });
  const memory = new MemoryWatch(child.pid ?? 0);
  const [code] = await once(child, 'exit');
  const seconds = (performance.now() - startedAtMs) / 1000;
  if (code !== 0) throw new Error(`journalctl ended with ${String(code)}`);
  const cpuSeconds = cpuSecondsOf(process.pid).children - before;
  return figuresOf({
    stage: `journalctl-${format}`,
    reader: undefined,
    entries,
    seconds,
    sustainedLinesPerSecond: undefined,
    cpuSeconds,
    journalctlCpuSeconds: cpuSeconds,
    startCpuSeconds: undefined,
    peakMib: 0,
    journalctlPeakMib: memory.stop().ownMib,
    uniqueIds: undefined,
    duplicates: undefined,
  });
};
