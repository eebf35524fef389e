import type { AgentIdentity } from '../admin/control-routes.ts';
import { concernsOf } from '../admin/health.ts';
import type { AgentStatus, DestinationStatus } from '../pipeline/status.ts';
import { printable } from '../platform/printable.ts';
import { padLeft, padRight, wrap } from './columns.ts';
import { formatBytes, formatCount, formatDuration, formatRate } from './figures.ts';
import type { Paint } from './paint.ts';

export interface StatusPage {
  readonly identity: AgentIdentity;
  readonly status: AgentStatus;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Of the screen, in characters. */
  readonly width: number;
  readonly paint: Paint;
}

type State = DestinationStatus['condition']['state'];

const labelWidth = 10;
const maxParkedShown = 5;

/** How a state is coloured. */
export const paintState = (paint: Paint, state: State): ((text: string) => string) =>
  ({ ok: paint.good, retrying: paint.warning, denied: paint.bad })[state];

/** The time between a moment and now; clocks may have been set in between. */
export const ageOf = (nowMs: number, atMs: number | undefined): string =>
  atMs === undefined ? 'unknown' : formatDuration(Math.floor(Math.max(0, nowMs - atMs) / 1000));

const labelled = (label: string, text: string, width: number): readonly string[] =>
  wrap(printable(text), width - labelWidth).map((line, index) => padRight(index === 0 ? label : '', labelWidth) + line);

const describeReader = ({ reader, feeds, recordsRead, bytesRead }: AgentStatus): string => {
  const readers = `${feeds} ${feeds === 1 ? 'reader' : 'readers'}`;
  const state = reader?.state === 'paused' ? 'paused, as no destination takes lines' : (reader?.state ?? 'unknown');
  return `${state}; ${readers}, ${formatCount(recordsRead)} lines, ${formatBytes(bytesRead)} so far`;
};

const describeQueue = ({ queue }: AgentStatus): string => {
  if (queue === undefined) return 'capacity unknown';
  const kind = queue.persistent ? 'persistent' : 'IN MEMORY ONLY, lost at a reboot';
  return `${formatDuration(queue.capacitySeconds)} at present rates, ${kind}, ${formatBytes(queue.bytes)}`;
};

const describeMemory = ({ memory }: AgentStatus): string =>
  memory === undefined
    ? 'unknown'
    : `${formatBytes(memory.usedBytes)} of ${formatBytes(memory.budgetBytes)} for events`;

const describeLost = ({ lost }: AgentStatus): string => {
  const reasons = Object.entries(lost).map(([reason, count]) => `${reason} ${formatCount(count)}`);
  return reasons.length === 0 ? '' : `${reasons.join(', ')} (before they could be read, since the agent began)`;
};

const head = ({ identity, status, nowMs, width, paint }: StatusPage): readonly string[] => {
  const title = `sluice ${identity.version}, pid ${identity.pid}, up ${ageOf(nowMs, status.startedMs)}`;
  const lost = describeLost(status);
  return [
    paint.strong(printable(title)),
    ...labelled('reads', status.source.description, width),
    ...labelled('', describeReader(status), width),
    ...labelled('queue', describeQueue(status), width),
    ...labelled('memory', describeMemory(status), width),
    ...labelled('routes', status.routing ?? 'unknown', width),
    ...(lost === '' ? [] : labelled('lost', lost, width)),
  ];
};

const columns = [
  ['STATE', 8],
  ['FOR', 8],
  ['BEHIND', 8],
  ['LINES', 8],
  ['PENDING', 7],
  ['LINES/S', 7],
  ['RETRIES', 7],
] as const;

const widthOfColumns = columns.reduce((sum, [, width]) => sum + width + 1, 0);

const nameWidth = ({ width, status }: StatusPage): number => {
  const longest = Math.max(11, ...[...status.destinations, ...status.denied].map(({ name }) => name.length));
  return Math.max(8, Math.min(longest, width - widthOfColumns));
};

const cells = (name: string, values: readonly string[], page: StatusPage): string =>
  [
    padRight(printable(name), nameWidth(page)),
    ...columns.map(([, width], index) => (index < 1 ? padRight : padLeft)(values[index] ?? '', width)),
  ]
    .join(' ')
    .trimEnd();

const valuesOf = (destination: DestinationStatus, nowMs: number): readonly string[] => [
  destination.condition.state,
  ageOf(nowMs, destination.conditionSinceMs),
  formatDuration(Math.floor(destination.lagSeconds)),
  destination.lagLines === undefined ? 'unknown' : formatCount(destination.lagLines),
  formatCount(destination.balance.pending),
  destination.linesPerSecond === undefined ? 'unknown' : formatRate(destination.linesPerSecond),
  destination.retries === undefined ? 'unknown' : formatCount(destination.retries),
];

const describeLoss = ({ secondsUntilLoss }: DestinationStatus): string =>
  secondsUntilLoss === undefined ? 'time until loss unknown' : `lines are lost in ${formatDuration(secondsUntilLoss)}`;

const describeParked = ({ parked = [] }: DestinationStatus): readonly string[] => {
  const shown = parked.slice(0, maxParkedShown).map(({ key, reason }) => `parked ${key}: ${reason}`);
  const rest = parked.length - shown.length;
  return rest === 0 ? shown : [...shown, `and ${rest} more parked keys`];
};

const describeAnswer = ({ lastAnswer, condition }: DestinationStatus, nowMs: number): string => {
  if (lastAnswer === undefined) return 'no answer yet';
  const age = `last answer ${ageOf(nowMs, lastAnswer.atMs)} ago`;
  return lastAnswer.text === condition.reason ? age : `${age}: ${lastAnswer.text}`;
};

/** What a table has no room for: the reason of a state, the last answer, what is parked. */
export const detailsOf = (destination: DestinationStatus, nowMs: number): readonly string[] => {
  const { condition, checkpointProblem, unexplained } = destination;
  return [
    ...(condition.state === 'ok' ? [] : [condition.reason]),
    `${describeAnswer(destination, nowMs)}; ${describeLoss(destination)}`,
    ...describeParked(destination),
    ...(checkpointProblem === undefined ? [] : [`checkpoint can't be saved: ${checkpointProblem}`]),
    ...(unexplained === 0 ? [] : [`${unexplained} lines are UNEXPLAINED`]),
  ];
};

const rows = (destination: DestinationStatus, page: StatusPage): readonly string[] => {
  const { nowMs, width, paint } = page;
  const row = cells(destination.name, valuesOf(destination, nowMs), page);
  const details = detailsOf(destination, nowMs).flatMap((line) => wrap(printable(line), width - 2));
  return [paintState(paint, destination.condition.state)(row), ...details.map((line) => paint.faint(`  ${line}`))];
};

const deniedRows = ({ status, paint, width, ...page }: StatusPage): readonly string[] =>
  status.denied.flatMap(({ name, reason }) => [
    paint.bad(cells(name, ['denied'], { status, paint, width, ...page })),
    ...wrap(printable(reason), width - 2).map((line) => paint.faint(`  ${line}`)),
  ]);

const table = (page: StatusPage): readonly string[] => {
  const { status, paint } = page;
  if (status.destinations.length + status.denied.length === 0) return ['no destination is switched on'];
  const titles = columns.map(([title]) => title);
  return [
    paint.faint(cells('DESTINATION', titles, page)),
    ...status.destinations.flatMap((destination) => rows(destination, page)),
    ...deniedRows(page),
  ];
};

const concerns = ({ status, nowMs, width, paint }: StatusPage): readonly string[] =>
  concernsOf(status, nowMs).flatMap((concern) =>
    wrap(printable(concern), width - 2).map((line, index) => paint.bad(`${index === 0 ? '! ' : '  '}${line}`)),
  );

/** The agent on one screen, as lines. Nothing in it reaches the terminal as a control sequence. */
export const renderStatus = (page: StatusPage): readonly string[] => {
  const troubles = concerns(page);
  return [...head(page), ...(troubles.length === 0 ? [] : ['', ...troubles]), '', ...table(page)];
};
