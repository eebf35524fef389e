import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ: what the times of proc(5) are counted in, 1/100 s on every architecture that Node runs on. */
const ticksPerSecond = 100;
const kibPerMib = 1024;
const sampleEveryMs = 100;

interface ProcessState {
  readonly command: string;
  /** Its own time in all threads. */
  readonly ownTicks: number;
  /** Time of its children that have ended and were waited for, and of theirs. */
  readonly reapedTicks: number;
}

/** Undefined when the file is gone: so is the process. */
const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** proc(5), /proc/[pid]/stat; the command is in parentheses and may hold anything, these included. */
const readState = (pid: number): ProcessState | undefined => {
  const text = readIfThere(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const end = text.lastIndexOf(')');
  const [utime = 0, stime = 0, childUtime = 0, childStime = 0] = text
    .slice(end + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number);
  const command = text.slice(text.indexOf('(') + 1, end);
  return { command, ownTicks: utime + stime, reapedTicks: childUtime + childStime };
};

/** None when the process is gone. */
const threadsOf = (pid: number): readonly string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

const childrenOf = (pid: number): readonly number[] =>
  threadsOf(pid).flatMap((thread) =>
    (readIfThere(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  );

const descendantsOf = (pid: number): readonly number[] => {
  const children = childrenOf(pid);
  return children.concat(children.flatMap(descendantsOf));
};

/** Processor time so far, user and system, in seconds. */
export interface CpuSeconds {
  readonly own: number;
  /** Of all descendants, ended ones included. */
  readonly children: number;
}

/**
 * What a running process and its descendants have used: the kernel adds an ended child's time to the parent that waits
 * for it, and those still running are asked themselves. Nothing is lost but what ends between two of these reads.
 */
export const cpuSecondsOf = (pid: number): CpuSeconds => {
  const running = descendantsOf(pid).map(readState);
  const self = readState(pid);
  let childTicks = self?.reapedTicks ?? 0;
  for (const state of running) childTicks += (state?.ownTicks ?? 0) + (state?.reapedTicks ?? 0);
  return { own: (self?.ownTicks ?? 0) / ticksPerSecond, children: childTicks / ticksPerSecond };
};

const nanosecondsPerSecond = 1e9;

/** Documentation/scheduler/sched-stats.rst, /proc/[pid]/schedstat: time on a processor comes first. */
const runSecondsOf = (pid: number): number =>
  threadsOf(pid).reduce((sum, thread) => {
    const [nanoseconds] = (readIfThere(`/proc/${pid}/task/${thread}/schedstat`) ?? '0').split(' ');
    return sum + Number(nanoseconds) / nanosecondsPerSecond;
  }, 0);

/**
 * As {@link cpuSecondsOf}, to the nanosecond instead of the hundredth of a second, for what uses next to none; without
 * threads and children that have ended.
 */
export const exactCpuSecondsOf = (pid: number): CpuSeconds => ({
  own: runSecondsOf(pid),
  children: descendantsOf(pid).reduce((sum, child) => sum + runSecondsOf(child), 0),
});

const statusMib = (pid: number, name: string): number => {
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readIfThere(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kib ?? 0) / kibPerMib;
};

/** Resident memory of a process, and of all its descendants, in MiB. */
export const residentMibOf = (pid: number): { readonly own: number; readonly children: number } => ({
  own: statusMib(pid, 'VmRSS'),
  children: descendantsOf(pid).reduce((sum, child) => sum + statusMib(child, 'VmRSS'), 0),
});

const peakMibOf = (pid: number): number => statusMib(pid, 'VmHWM');

/** Follows the most resident memory of a process and of the largest of its children; shared pages count in each. */
export class MemoryWatch {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #ownMib = 0;
  #childMib = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#sample(), sampleEveryMs);
  }

  /** Stops watching. */
  stop(): { readonly ownMib: number; readonly childMib: number } {
    clearInterval(this.#timer);
    this.#sample();
    return { ownMib: this.#ownMib, childMib: this.#childMib };
  }

  #sample(): void {
    const own = readState(this.#pid)?.command;
    this.#ownMib = Math.max(this.#ownMib, peakMibOf(this.#pid));
    for (const pid of descendantsOf(this.#pid)) {
      // Between fork and exec a child still is its parent's image.
      if (readState(pid)?.command !== own) this.#childMib = Math.max(this.#childMib, peakMibOf(pid));
    }
  }
}
