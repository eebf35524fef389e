import type { DryRun, ReplayPlan, ReplayProgress, ReplayResult } from '../../pipeline/replay/replay-report.ts';
import { printable } from '../../platform/printable.ts';
import { displayWidth, padLeft, padRight } from '../columns.ts';
import { formatBytes, formatCount, formatDuration, formatRate, formatTime } from '../figures.ts';

const droppedOf = ({ dropped }: ReplayProgress): readonly string[] =>
  Object.entries(dropped).map(([reason, count]) => `${reason} ${formatCount(count)}`);

/** What is going to be sent where, and what should be known before. */
export const describePlan = (plan: ReplayPlan): readonly string[] => {
  const { destination, sinceMs, untilMs, service, linesPerSecond, dryRun, notices } = plan;
  const lines = service === undefined ? 'all lines' : `the lines of ${service}`;
  const span = `received from ${formatTime(sinceMs)} to ${formatTime(untilMs)}`;
  const what = dryRun ? 'dry run of a replay' : 'replay';
  const head = `${what} to ${destination}: ${lines} ${span}, at most ${formatRate(linesPerSecond)} a second`;
  return [head, ...notices.map((notice) => `note: ${notice}`)].map(printable);
};

const describeWait = ({ condition, parkedKeys, secondsLeft }: ReplayProgress): string => {
  if (condition.state !== 'ok') return `${condition.state}: ${condition.reason}`;
  if (parkedKeys > 0) return `${formatCount(parkedKeys)} batch keys are set aside`;
  return secondsLeft === undefined ? 'time left not known yet' : `${formatDuration(Math.ceil(secondsLeft))} left`;
};

/** How far a replay is, in one line. */
export const describeProgress = (progress: ReplayProgress): string => {
  const { share, read, delivered, uncertain } = progress;
  const terms = [
    `${Math.floor(share * 100)} %`,
    `read ${formatCount(read)}`,
    `sent ${formatCount(delivered)}`,
    ...(uncertain > 0 ? [`uncertain ${formatCount(uncertain)}`] : []),
    ...droppedOf(progress),
    describeWait(progress),
  ];
  return printable(terms.join(', '));
};

/** A replay that runs, in one line: what goes where, at most how fast, how far it is and how long it takes still. */
export const describeReplay = (progress: ReplayProgress): string => {
  const { destination, service, dryRun, linesPerSecond } = progress.plan;
  const what = `${dryRun ? 'dry run' : 'replay'} to ${destination}${service === undefined ? '' : ` of ${service}`}`;
  return printable(`${what} at ${formatRate(linesPerSecond)}/s: ${describeProgress(progress)}`);
};

const equationOf = (progress: ReplayProgress, verb: string): string => {
  const { read, delivered, uncertain, dropped, pending } = progress;
  const droppedTotal = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const reasons = droppedOf(progress);
  const terms = [
    `${verb} ${formatCount(delivered)}`,
    `dropped ${formatCount(droppedTotal)}${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`,
    `uncertain ${formatCount(uncertain)}`,
    ...(pending > 0 ? [`not settled ${formatCount(pending)}`] : []),
  ];
  return `read ${formatCount(read)} = ${terms.join(' + ')}`;
};

const tabulateServices = ({ services }: DryRun): readonly string[] => {
  const titles = ['service', 'lines', 'billed'];
  const cells = services.map(({ service, lines, bytes }) => [
    printable(service),
    formatCount(lines),
    formatBytes(bytes),
  ]);
  const rows = [titles, ...cells];
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? padRight : padLeft)(cell, widths[column] ?? 0)).join('  '),
  );
};

const describeDryRun = (dryRun: DryRun, { plan, dropped }: ReplayProgress): readonly string[] => {
  const { bytes, restamped, secondsAtRate } = dryRun;
  const outside = (dropped['too old'] ?? 0) + (dropped['too new'] ?? 0);
  return [
    ...tabulateServices(dryRun),
    `in all ${formatBytes(bytes)} as ${plan.destination} counts them`,
    `${formatDuration(secondsAtRate)} at ${formatRate(plan.linesPerSecond)} a second`,
    `outside the time that it takes lines of: ${formatCount(restamped)} to be sent under another time, ${formatCount(outside)} dropped`,
  ];
};

const endings = { complete: 'complete', canceled: 'CANCELED', failed: 'NOT COMPLETE' } as const;

/** How a replay ended: what became of each line. */
export const describeResult = ({ progress, outcome, reason, seconds, dryRun }: ReplayResult): readonly string[] => {
  const why = reason === '' || reason === 'canceled' ? '' : ` (${reason})`;
  const what = dryRun === undefined ? 'replay' : 'dry run';
  const lines = [
    ...(dryRun === undefined ? [] : describeDryRun(dryRun, progress)),
    equationOf(progress, dryRun === undefined ? 'delivered' : 'to be sent'),
    `${what} ${endings[outcome]}${why}, ${formatDuration(seconds)}; ${formatCount(progress.passedOver)} other lines passed over`,
  ];
  const isOpen = dryRun === undefined && progress.pending > 0;
  return [
    ...lines,
    ...(isOpen ? ['lines not settled may have arrived, or may not; a replay does not go on by itself'] : []),
  ].map(printable);
};
