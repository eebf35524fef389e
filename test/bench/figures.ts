import type { Reader } from './readers.ts';

/** What one run of a stage took. */
export interface Run {
  readonly stage: string;
  /** The agent's; undefined for baselines. */
  readonly reader: Reader | undefined;
  readonly entries: number;
  /** From the start of the process to the arrival of the last line. */
  readonly seconds: number;
  /** While it was neither starting nor waiting for its last batch; undefined where arrivals can't be followed. */
  readonly sustainedLinesPerSecond: number | undefined;
  /** User and system time of the whole process tree, its start included. */
  readonly cpuSeconds: number;
  /** The part of it that is journalctl's. */
  readonly journalctlCpuSeconds: number;
  /** The part of it that was used when the agent said that it runs; undefined where nothing says so. */
  readonly startCpuSeconds: number | undefined;
  /** Most resident memory; that of journalctl includes the pages of the journal that it maps. */
  readonly peakMib: number;
  readonly journalctlPeakMib: number;
  readonly uniqueIds: number | undefined;
  readonly duplicates: number | undefined;
}

/** A run, and what it comes to for each line. */
export interface Figures extends Run {
  readonly linesPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  /** Without the start, which takes the same however long the journal is. */
  readonly runningCpuSecondsPerMillion: number | undefined;
  readonly journalctlCpuSecondsPerMillion: number;
}

export const figuresOf = (run: Run): Figures => {
  const { entries, seconds, cpuSeconds, startCpuSeconds, journalctlCpuSeconds } = run;
  const perMillion = (total: number): number => (total / entries) * 1e6;
  return {
    ...run,
    linesPerSecond: entries / seconds,
    cpuSecondsPerMillion: perMillion(cpuSeconds),
    runningCpuSecondsPerMillion: startCpuSeconds === undefined ? undefined : perMillion(cpuSeconds - startCpuSeconds),
    journalctlCpuSecondsPerMillion: perMillion(journalctlCpuSeconds),
  };
};

/** The middle one, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
};

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** The median of each figure by itself, of at least one run; what is no number is taken from the first. */
export const medianOf = <Row extends object>(first: Row, ...others: readonly Row[]): Row => {
  const rows = [first, ...others].map((row) => new Map<string, unknown>(Object.entries(row)));
  const middle = Object.entries(first).map(([name, value]: readonly [string, unknown]) => [
    name,
    isNumber(value) ? median(rows.map((row) => row.get(name)).filter(isNumber)) : value,
  ]);
  return Object.fromEntries(middle) as Row;
};
