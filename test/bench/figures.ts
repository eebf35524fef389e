import type { Reader } from './readers.ts';

/** What one stage took, once or in the middle of several runs. */
export interface Figures {
  readonly stage: string;
  /** The agent's; undefined for baselines. */
  readonly reader: Reader | undefined;
  readonly entries: number;
  /** From the start of the process to the arrival of the last line. */
  readonly seconds: number;
  readonly linesPerSecond: number;
  /** User and system time of the whole process tree, its start included, per million lines. */
  readonly cpuSecondsPerMillion: number;
  /** The part of it that is journalctl's. */
  readonly journalctlCpuSecondsPerMillion: number;
  /** CPU time that the agent had used when it said that it runs; undefined for baselines. */
  readonly startCpuSeconds: number | undefined;
  /** Most resident memory; that of journalctl includes the pages of the journal that it maps. */
  readonly peakMib: number;
  readonly journalctlPeakMib: number;
  readonly uniqueIds: number | undefined;
  readonly duplicates: number | undefined;
}

/** The middle one, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
};

type Numeric = Exclude<keyof Figures, 'stage' | 'reader' | 'entries'>;

/** The median of each figure by itself, of at least one run of one stage. */
export const medianOf = (first: Figures, ...others: readonly Figures[]): Figures => {
  const of = (name: Numeric): number => median([first, ...others].map((run) => run[name] ?? 0));
  const ofOptional = (name: Numeric): number | undefined => (first[name] === undefined ? undefined : of(name));
  return {
    stage: first.stage,
    reader: first.reader,
    entries: first.entries,
    seconds: of('seconds'),
    linesPerSecond: of('linesPerSecond'),
    cpuSecondsPerMillion: of('cpuSecondsPerMillion'),
    journalctlCpuSecondsPerMillion: of('journalctlCpuSecondsPerMillion'),
    startCpuSeconds: ofOptional('startCpuSeconds'),
    peakMib: of('peakMib'),
    journalctlPeakMib: of('journalctlPeakMib'),
    uniqueIds: ofOptional('uniqueIds'),
    duplicates: ofOptional('duplicates'),
  };
};
