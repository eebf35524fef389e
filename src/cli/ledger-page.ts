import type { DestinationLedger, LedgerReport, LedgerRow } from '../pipeline/ledger-report.ts';
import { lostLines } from '../ledger/balance.ts';
import { printable } from '../platform/printable.ts';
import { padLeft, padRight, wrap } from './columns.ts';
import { describeGapDetection, describeLost } from './describe-losses.ts';
import { formatTime } from './figures.ts';
import type { Paint } from './paint.ts';

export interface LedgerPage {
  readonly report: LedgerReport;
  /** True when the services of one destination were asked for. */
  readonly isByService: boolean;
  /** Since when was asked for, in milliseconds since the epoch; undefined: all. */
  readonly askedMs: number | undefined;
  /** Of the screen, in characters. */
  readonly width: number;
  readonly paint: Paint;
}

const whole = new Intl.NumberFormat('en-US');
const shortestName = 12;

interface Line {
  readonly row: LedgerRow;
  /** Undefined for a service. */
  readonly destination: DestinationLedger | undefined;
}

/** Without gap detection nothing found does not mean that nothing is lost. */
const describeLostTotal = ({ balance }: LedgerRow, { gapDetection }: LedgerReport): string => {
  const lines = lostLines(balance.lost);
  if (lines > 0 || gapDetection?.state === 'on') return whole.format(lines);
  return gapDetection === undefined ? '?' : 'off';
};

/** Figures are written out: what is to add up must not be rounded. */
const columns: readonly { readonly title: string; readonly value: (line: Line, report: LedgerReport) => string }[] = [
  { title: 'READ', value: ({ row }) => whole.format(row.balance.read) },
  { title: '= DELIVERED', value: ({ row }) => whole.format(row.balance.delivered) },
  { title: '+ DROPPED', value: ({ row }) => whole.format(row.balance.droppedTotal) },
  { title: '+ UNCERTAIN', value: ({ row }) => whole.format(row.balance.uncertain) },
  { title: '+ PENDING', value: ({ row }) => whole.format(row.balance.pending) },
  { title: 'LOST', value: ({ row }, report) => describeLostTotal(row, report) },
];

const linesOf = ({ report, isByService }: LedgerPage): readonly Line[] => {
  const [only] = report.destinations;
  if (!isByService || only === undefined)
    return report.destinations.map((destination) => ({ row: destination, destination }));
  const total = { row: { ...only, name: `all of ${only.name}` }, destination: only };
  return [...only.services.map((row) => ({ row, destination: undefined })), total];
};

const describeBesides = ({ resent = 0, originated = 0 }: DestinationLedger): readonly string[] => [
  ...(resent === 0 ? [] : [`resent ${whole.format(resent)}`]),
  ...(originated === 0 ? [] : [`originated ${whole.format(originated)}`]),
];

/** What makes up the figures of a row, and what stands beside its sum. */
const notesOf = ({ row, destination }: Line): readonly string[] => {
  const dropped = Object.entries(row.balance.dropped).map(([reason, count]) => `${reason} ${whole.format(count)}`);
  const lost = describeLost(row.balance);
  const besides = destination === undefined ? [] : describeBesides(destination);
  return [
    ...(dropped.length === 0 ? [] : [`dropped: ${dropped.join(', ')}`]),
    ...(lost === '' ? [] : [`lost: ${lost}`]),
    ...(besides.length === 0 ? [] : [`since the agent began: ${besides.join(', ')}`]),
  ];
};

const explain = (line: Line, { width, paint }: LedgerPage): readonly string[] => [
  ...notesOf(line)
    .flatMap((note) => wrap(note, width - 2))
    .map((note) => paint.faint(`  ${note}`)),
  ...(line.row.unexplained === 0 ? [] : [paint.bad(`! ${whole.format(line.row.unexplained)} lines are UNEXPLAINED`)]),
];

const table = (page: LedgerPage): readonly string[] => {
  const lines = linesOf(page);
  const cellsOf = (line: Line): readonly string[] => columns.map(({ value }) => value(line, page.report));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...lines.map((line) => cellsOf(line)[index]?.length ?? 0)),
  );
  const longest = Math.max(shortestName, ...lines.map(({ row }) => row.name.length));
  const rest = page.width - widths.reduce((sum, width) => sum + width + 1, 0);
  const nameWidth = Math.max(shortestName, Math.min(longest, rest));
  const format = (name: string, cells: readonly string[]): string =>
    [padRight(printable(name), nameWidth), ...cells.map((cell, index) => padLeft(cell, widths[index] ?? 0))]
      .join(' ')
      .trimEnd();
  const rows = lines.map((line) => [format(line.row.name, cellsOf(line)), explain(line, page)]);
  const title = format(
    page.isByService ? 'SERVICE' : 'DESTINATION',
    columns.map((column) => column.title),
  );
  return [page.paint.faint(title), ...rows.flat(2)];
};

/** From when on a destination is counted, and why not from earlier. */
const describeStart = ({ fromMs }: DestinationLedger, askedMs: number | undefined): string => {
  if (fromMs === undefined) return 'its beginning';
  return `${formatTime(fromMs)}${askedMs !== undefined && fromMs > askedMs ? ' (nothing older is kept)' : ''}`;
};

const describeSpan = ({ report, askedMs }: LedgerPage): string => {
  const starts = report.destinations.map((each) => [each.name, describeStart(each, askedMs)] as const);
  const texts = new Set(starts.map(([, start]) => start));
  const [only] = texts;
  if (texts.size === 1) return `counted since ${only ?? ''}`;
  return `counted since: ${starts.map(([name, start]) => `${name} ${start}`).join(', ')}`;
};

const lostNotes = ({ destinations, gapDetection }: LedgerReport): readonly string[] => {
  const anyLost = destinations.some(({ balance }) => Object.keys(balance.lost).length > 0);
  const note = describeGapDetection(gapDetection);
  return [
    ...(anyLost ? ['what was lost before it could be read is no part of the sum'] : []),
    ...(note === undefined ? [] : [note]),
  ];
};

/** The account as a table that adds up, as lines. Nothing in it reaches the terminal as a control sequence. */
export const renderLedger = (page: LedgerPage): readonly string[] => {
  const { report, width } = page;
  if (report.destinations.length === 0) return ['nothing is accounted for yet'];
  const notes = [describeSpan(page), ...lostNotes(report)];
  return [...table(page), '', ...notes.flatMap((note) => wrap(printable(note), width))];
};
