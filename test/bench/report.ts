import { availableParallelism, cpus, loadavg, release } from 'node:os';
import type { Figures } from './figures.ts';

/** Where and when figures were taken; without it they say nothing. */
export interface Surroundings {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
  readonly node: string;
  /** Of the minute before the first stage: what else the machine did. */
  readonly loadBefore: number;
}

export const describeSurroundings = (): Surroundings => ({
  date: new Date().toISOString(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  kernel: release(),
  node: process.version,
  loadBefore: loadavg()[0] ?? 0,
});

const absent = '-';

const whole = (value: number | undefined): string =>
  value === undefined ? absent : Math.round(value).toLocaleString('en-US');

const decimal = (value: number | undefined): string => (value === undefined ? absent : value.toFixed(1));

const columns: readonly (readonly [string, (figures: Figures) => string])[] = [
  ['stage', ({ stage }) => stage],
  ['reader', ({ reader = absent }) => reader],
  ['lines/s', ({ linesPerSecond }) => whole(linesPerSecond)],
  ['sustained', ({ sustainedLinesPerSecond }) => whole(sustainedLinesPerSecond)],
  ['CPU-s/M', ({ cpuSecondsPerMillion }) => decimal(cpuSecondsPerMillion)],
  ['running', ({ runningCpuSecondsPerMillion }) => decimal(runningCpuSecondsPerMillion)],
  ['of it journalctl', (figures) => decimal(figures.journalctlCpuSecondsPerMillion)],
  ['start CPU-s', ({ startCpuSeconds }) => decimal(startCpuSeconds)],
  ['peak MiB', ({ peakMib }) => (peakMib === 0 ? absent : whole(peakMib))],
  ['journalctl MiB', ({ journalctlPeakMib }) => whole(journalctlPeakMib)],
  ['unique ids', ({ uniqueIds }) => whole(uniqueIds)],
  ['duplicates', ({ duplicates }) => whole(duplicates)],
];

const rowOf = (cells: readonly string[], widths: readonly number[]): string =>
  `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;

/** A table in Markdown, aligned for terminals. */
const renderTable = (all: readonly Figures[]): string => {
  const header = columns.map(([title]) => title);
  const rows = all.map((figures) => columns.map(([, cell]) => cell(figures)));
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [header, rule, ...rows].map((row) => rowOf(row, widths)).join('\n');
};

/** The figures for people, with what they depend on. */
export const renderReport = (all: readonly Figures[], { date, ...where }: Surroundings, runs: number): string =>
  `${date}, ${where.cores} cores of ${where.cpu}, Linux ${where.kernel}, Node ${where.node}, ` +
  `load ${where.loadBefore.toFixed(1)} before\n` +
  `${whole(all[0]?.entries)} entries, median of ${runs}\n\n${renderTable(all)}\n`;
