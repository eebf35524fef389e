import type { DestinationLedger, LedgerReport, LedgerRow } from '../pipeline/ledger-report.ts';
import { printable } from '../platform/printable.ts';
import { padLeft, padRight, wrap } from './columns.ts';
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
  readonly resent: number | undefined;
}

/** Figures are written out: what is to add up must not be rounded. */
const columns: readonly { readonly title: string; readonly value: (line: Line) => string }[] = [
  { title: 'READ', value: ({ row }) => whole.format(row.balance.read) },
  { title: '= DELIVERED', value: ({ row }) => whole.format(row.balance.delivered) },
  { title: '+ DROPPED', value: ({ row }) => whole.format(row.balance.droppedTotal) },
  { title: '+ UNCERTAIN', value: ({ row }) => whole.format(row.balance.uncertain) },
  { title: '+ PENDING', value: ({ row }) => whole.format(row.balance.pending) },
  { title: 'RESENT', value: ({ resent }) => (resent === undefined ? '' : whole.format(resent)) },
];

const linesOf = ({ report, isByService }: LedgerPage): readonly Line[] => {
  const [only] = report.destinations;
  if (!isByService || only === undefined) return report.destinations.map((row) => ({ row, resent: row.resent }));
  const total = { row: { ...only, name: `all of ${only.name}` }, resent: only.resent };
  return [...only.services.map((row) => ({ row, resent: undefined })), total];
};

const explain = ({ row }: Line, { width, paint }: LedgerPage): readonly string[] => {
  const reasons = Object.entries(row.balance.dropped).map(([reason, count]) => `${reason} ${whole.format(count)}`);
  const told = reasons.length === 0 ? [] : wrap(`dropped: ${reasons.join(', ')}`, width - 2);
  return [
    ...told.map((line) => paint.faint(`  ${line}`)),
    ...(row.unexplained === 0 ? [] : [paint.bad(`! ${whole.format(row.unexplained)} lines are UNEXPLAINED`)]),
  ];
};

const table = (page: LedgerPage): readonly string[] => {
  const lines = linesOf(page);
  const shown = columns.filter(({ title }) => title !== 'RESENT' || lines.some(({ resent }) => resent !== undefined));
  const widths = shown.map(({ title, value }) => Math.max(title.length, ...lines.map((line) => value(line).length)));
  const longest = Math.max(shortestName, ...lines.map(({ row }) => row.name.length));
  const rest = page.width - widths.reduce((sum, width) => sum + width + 1, 0);
  const nameWidth = Math.max(shortestName, Math.min(longest, rest));
  const format = (name: string, cells: readonly string[]): string =>
    [padRight(printable(name), nameWidth), ...cells.map((cell, index) => padLeft(cell, widths[index] ?? 0))]
      .join(' ')
      .trimEnd();
  const rows = lines.map((line) => {
    const cells = shown.map(({ value }) => value(line));
    return [format(line.row.name, cells), explain(line, page)];
  });
  const title = format(
    page.isByService ? 'SERVICE' : 'DESTINATION',
    shown.map((column) => column.title),
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

const describeLost = ({ lost }: LedgerReport): readonly string[] => {
  const reasons = Object.entries(lost).map(([reason, count]) => `${reason} ${whole.format(count)}`);
  return reasons.length === 0
    ? []
    : [`lost before they could be read, since the agent began: ${reasons.join(', ')}; no part of the sum`];
};

/** The account as a table that adds up, as lines. Nothing in it reaches the terminal as a control sequence. */
export const renderLedger = (page: LedgerPage): readonly string[] => {
  const { report, width } = page;
  if (report.destinations.length === 0) return ['nothing is accounted for yet'];
  const notes = [describeSpan(page), ...describeLost(report)];
  return [...table(page), '', ...notes.flatMap((note) => wrap(printable(note), width))];
};
