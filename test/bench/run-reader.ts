import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Figures, figuresOf } from './figures.ts';
import { cpuSecondsOf, MemoryWatch } from './process-tree.ts';
import type { Workload } from './workload.ts';

const program = join(import.meta.dirname, 'read-files.ts');

/** Reads the journal's files and does nothing with what they hold: what the agent pays before its own work. */
export const runReader = async ({ journal, entries }: Workload): Promise<Figures> => {
  // Its time is this process's own children's once it was waited for; nothing else may end meanwhile.
  const before = cpuSecondsOf(process.pid).children;
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [program, journal, String(entries)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const memory = new MemoryWatch(child.pid ?? 0);
  const exited = once(child, 'exit');
  const startCpuSeconds = Number(await text(child.stdout));
  const [code] = await exited;
  const seconds = (performance.now() - startedAtMs) / 1000;
  if (code !== 0) throw new Error(`reading the files ended with ${String(code)}`);
  const cpuSeconds = cpuSecondsOf(process.pid).children - before;
  return figuresOf({
    stage: 'native-read',
    reader: undefined,
    entries,
    seconds,
    sustainedLinesPerSecond: undefined,
    cpuSeconds,
    journalctlCpuSeconds: 0,
    startCpuSeconds,
    peakMib: memory.stop().ownMib,
    journalctlPeakMib: 0,
    uniqueIds: undefined,
    duplicates: undefined,
  });
};
