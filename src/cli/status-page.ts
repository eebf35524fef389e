import type { AgentIdentity } from '../admin/control-routes.ts';
import { concernsOf } from '../admin/health.ts';
import type { AgentStatus, DestinationStatus } from '../pipeline/status.ts';
import { printable } from '../platform/printable.ts';
import { padRight, wrap } from './columns.ts';
import { ageOf, tabulateDestinations, type DestinationState } from './destination-table.ts';
import { formatBytes, formatCount, formatDuration } from './figures.ts';
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

const labelWidth = 10;
const maxParkedShown = 5;

/** How a state is coloured. */
export const paintState = (paint: Paint, state: DestinationState): ((text: string) => string) =>
  ({ ok: paint.good, retrying: paint.warning, denied: paint.bad })[state];

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
    ...wrap(printable(title), width).map((line) => paint.strong(line)),
    ...labelled('reads', status.source.description, width),
    ...labelled('', describeReader(status), width),
    ...labelled('queue', describeQueue(status), width),
    ...labelled('memory', describeMemory(status), width),
    ...labelled('routes', status.routing ?? 'unknown', width),
    ...(lost === '' ? [] : labelled('lost', lost, width)),
  ];
};

const describeLoss = ({ secondsUntilLoss }: DestinationStatus): string =>
  secondsUntilLoss === undefined ? 'time until loss unknown' : `lines are lost in ${formatDuration(secondsUntilLoss)}`;

const describeParked = ({ parked, parkedKeys }: DestinationStatus): readonly string[] => {
  const shown = parked
    .slice(0, maxParkedShown)
    .map(({ key, reason, lines }) => `parked ${key}, ${formatCount(lines)} lines wait: ${reason}`);
  const rest = parkedKeys - shown.length;
  return rest === 0 ? shown : [...shown, `and ${rest} more parked keys`];
};

const describeDeadLetters = ({ deadLetters }: DestinationStatus): readonly string[] => {
  if (deadLetters === undefined) return [];
  const { letters, bytes, maxBytes, expired, missed, problem } = deadLetters;
  if (letters + expired + missed === 0) return [];
  const lost = [
    ...(expired === 0 ? [] : [`${formatCount(expired)} made room for them`]),
    ...(missed === 0 ? [] : [`${formatCount(missed)} COULD NOT BE KEPT${problem === undefined ? '' : `: ${problem}`}`]),
  ];
  const kept = `dead letters ${formatCount(letters)} (${formatBytes(bytes)} of ${formatBytes(maxBytes)})`;
  return [[kept, ...lost].join('; ')];
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
    ...describeDeadLetters(destination),
    ...(checkpointProblem === undefined ? [] : [`checkpoint can't be saved: ${checkpointProblem}`]),
    ...(unexplained === 0 ? [] : [`${unexplained} lines are UNEXPLAINED`]),
  ];
};

const explain = ({ status, nowMs }: StatusPage, name: string): readonly string[] => {
  const destination = status.destinations.find((each) => each.name === name);
  if (destination !== undefined) return detailsOf(destination, nowMs);
  return status.denied.filter((each) => each.name === name).map(({ reason }) => reason);
};

const table = (page: StatusPage): readonly string[] => {
  const { status, nowMs, width, paint } = page;
  const { title, rows } = tabulateDestinations(status, nowMs, width);
  if (rows.length === 0) return ['no destination is switched on'];
  const indented = (line: string): readonly string[] =>
    wrap(printable(line), width - 2).map((each) => paint.faint(`  ${each}`));
  const lines = rows.map(({ name, state, text }) => [
    paintState(paint, state)(text),
    explain(page, name).flatMap(indented),
  ]);
  return [paint.faint(title), ...lines.flat(2)];
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
