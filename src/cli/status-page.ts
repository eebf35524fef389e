import type { AgentIdentity } from '../admin/control-routes.ts';
import { concernsOf } from '../admin/health.ts';
import { isShort } from '../pipeline/queue-alarm.ts';
import type { AgentStatus } from '../pipeline/status.ts';
import { printable } from '../platform/printable.ts';
import { padRight, wrap } from './columns.ts';
import { detailsOf } from './destination-details.ts';
import { ageOf, paintState, tabulateDestinations } from './destination-table.ts';
import { describeGapDetection } from './describe-losses.ts';
import { describeQueue } from './describe-queue.ts';
import { formatBytes, formatCount } from './figures.ts';
import type { Paint } from './paint.ts';
import { describeReplay } from './replay/replay-page.ts';

export interface StatusPage {
  readonly identity: AgentIdentity;
  readonly status: AgentStatus;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Of the screen, in characters. */
  readonly width: number;
  readonly paint: Paint;
}

const labelWidth = 10;

const labelled = (label: string, text: string, width: number): readonly string[] =>
  wrap(printable(text), width - labelWidth).map((line, index) => padRight(index === 0 ? label : '', labelWidth) + line);

const describeReader = ({ reader, feeds, recordsRead, bytesRead }: AgentStatus): string => {
  const readers = `${feeds} ${feeds === 1 ? 'reader' : 'readers'}`;
  const state = reader?.state === 'paused' ? 'paused, as no destination takes lines' : (reader?.state ?? 'unknown');
  return `${state}; ${readers}, ${formatCount(recordsRead)} lines, ${formatBytes(bytesRead)} so far`;
};

const shortQueue = 'under an hour: raise SystemMaxUse=, see "How large must the journal be" in deploy/README.md';

const queueLines = ({ status: { queue }, width, paint }: StatusPage): readonly string[] => [
  ...labelled('queue', describeQueue(queue), width),
  ...(queue !== undefined && isShort(queue) ? labelled('', shortQueue, width).map((line) => paint.warning(line)) : []),
];

const describeMemory = ({ memory }: AgentStatus): string =>
  memory === undefined
    ? 'unknown'
    : `${formatBytes(memory.usedBytes)} of ${formatBytes(memory.budgetBytes)} for events`;

const head = (page: StatusPage): readonly string[] => {
  const { identity, status, nowMs, width, paint } = page;
  const title = `sluice ${identity.version}, pid ${identity.pid}, up ${ageOf(nowMs, status.startedMs)}`;
  const gaps = describeGapDetection(status.source.gapDetection);
  return [
    ...wrap(printable(title), width).map((line) => paint.strong(line)),
    ...labelled('reads', status.source.description, width),
    ...labelled('', describeReader(status), width),
    ...queueLines(page),
    ...labelled('memory', describeMemory(status), width),
    ...labelled('routes', status.routing ?? 'unknown', width),
    ...(gaps === undefined ? [] : labelled('lost', gaps, width)),
  ];
};

const table = (page: StatusPage): readonly string[] => {
  const { status, nowMs, width, paint } = page;
  const { title, rows } = tabulateDestinations(status, nowMs, width);
  if (rows.length === 0) return ['no destination is switched on'];
  const indented = (line: string): readonly string[] =>
    wrap(printable(line), width - 2).map((each) => paint.faint(`  ${each}`));
  const lines = rows.map(({ name, state, text }) => [
    paintState(paint, state)(text),
    detailsOf(status, name, nowMs).flatMap(indented),
  ]);
  return [paint.faint(title), ...lines.flat(2)];
};

const replays = ({ status, width }: StatusPage): readonly string[] =>
  status.replays.flatMap((progress) => wrap(describeReplay(progress), width));

const concerns = ({ status, nowMs, width, paint }: StatusPage): readonly string[] =>
  concernsOf(status, nowMs).flatMap((concern) =>
    wrap(printable(concern), width - 2).map((line, index) => paint.bad(`${index === 0 ? '! ' : '  '}${line}`)),
  );

/** The agent on one screen, as lines. Nothing in it reaches the terminal as a control sequence. */
export const renderStatus = (page: StatusPage): readonly string[] => {
  const troubles = concerns(page);
  const running = replays(page);
  return [
    ...head(page),
    ...(troubles.length === 0 ? [] : ['', ...troubles]),
    '',
    ...table(page),
    ...(running.length === 0 ? [] : ['', ...running]),
  ];
};
