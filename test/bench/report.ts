import type { Figures } from './figures.ts';
import { formatFigure } from './format-figure.ts';
import type { HealthFigures } from './run-health.ts';
import type { LiveFigures } from './live-figures.ts';
import type { StageProfile } from './read-profiles.ts';
import type { Surroundings } from './surroundings.ts';
import type { SelfTime } from './profile-summary.ts';
import { renderTable } from './table.ts';

/** All that one call of the bench measured. */
export interface Results {
  readonly surroundings: Surroundings;
  readonly entries: number;
  readonly runs: number;
  readonly shipping: readonly Figures[];
  readonly health: readonly HealthFigures[];
  readonly live: readonly LiveFigures[];
  /** Of the agent's stages, where profiles were asked for. */
  readonly profiles: readonly StageProfile[];
}

type Columns<Row> = readonly (readonly [string, (row: Row) => string])[];

const { absent, whole, decimal, hundredths } = formatFigure;

const shippingColumns: Columns<Figures> = [
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

const healthColumns: Columns<HealthFigures> = [
  ['ships to', ({ stage }) => stage],
  ['reader', ({ reader }) => reader],
  ['answers', ({ answers }) => whole(answers)],
  ['p50 ms', ({ p50Ms }) => decimal(p50Ms)],
  ['p99 ms', ({ p99Ms }) => decimal(p99Ms)],
  ['max ms', ({ maxMs }) => decimal(maxMs)],
  ['idle page p99', ({ idleP99Ms }) => decimal(idleP99Ms)],
  ['max', ({ idleMaxMs }) => decimal(idleMaxMs)],
];

const liveColumns: Columns<LiveFigures> = [
  ['stage', ({ stage }) => stage],
  ['reader', ({ reader = absent }) => reader],
  ['lines/s', ({ linesPerSecond }) => whole(linesPerSecond)],
  ['% of a core', ({ cpuPercent }) => decimal(cpuPercent)],
  ['of it journalctl', ({ journalctlCpuPercent }) => decimal(journalctlCpuPercent)],
  ['p50 ms', ({ p50Ms }) => whole(p50Ms)],
  ['p99 ms', ({ p99Ms }) => whole(p99Ms)],
  ['idle %', ({ idleCpuPercent }) => hundredths(idleCpuPercent)],
  ['idle MiB', ({ idleMib }) => whole(idleMib)],
  ['journalctl MiB', ({ journalctlIdleMib }) => whole(journalctlIdleMib)],
];

const profileColumns: Columns<SelfTime> = [
  ['function', ({ name, place }) => (place === '' ? name : `${name}, ${place}`)],
  ['% of the time', ({ percent }) => decimal(percent)],
];

const tableOf = <Row>(title: string, columns: Columns<Row>, rows: readonly Row[]): string =>
  rows.length === 0
    ? ''
    : `\n${renderTable({
        title,
        header: columns.map(([name]) => name),
        rows: rows.map((row) => columns.map(([, cell]) => cell(row))),
      })}`;

/** The figures for people, with what they depend on. */
export const renderReport = (results: Results): string => {
  const { entries, runs, shipping, health, live, profiles } = results;
  const { date, ...where } = results.surroundings;
  return (
    `${date}, ${where.cores} cores of ${where.cpu}, Linux ${where.kernel}, Node ${where.node}, ` +
    `load ${where.loadBefore.toFixed(1)} before; median of ${runs}\n` +
    tableOf(`Shipping ${whole(entries)} entries`, shippingColumns, shipping) +
    tableOf('Health page while shipping them, asked every 20 ms', healthColumns, health) +
    tableOf('Following a live journald, and idle', liveColumns, live) +
    profiles.map(({ name, functions }) => tableOf(`Profile of ${name}`, profileColumns, functions)).join('')
  );
};
