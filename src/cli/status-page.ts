import type { AgentIdentity } from '../admin/control-routes.ts';
import { concernsOf } from '../admin/health.ts';
import type { AgentStatus } from '../pipeline/status.ts';
import { printable } from '../platform/printable.ts';
import { padRight, wrap } from './columns.ts';
import { detailsOf } from './destination-details.ts';
import { ageOf, paintState, tabulateDestinations } from './destination-table.ts';
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

const concerns = ({ status, nowMs, width, paint }: StatusPage): readonly string[] =>
  concernsOf(status, nowMs).flatMap((concern) =>
    wrap(printable(concern), width - 2).map((line, index) => paint.bad(`${index === 0 ? '! ' : '  '}${line}`)),
  );

/** The agent on one screen, as lines. Nothing in it reaches the terminal as a control sequence. */
export const renderStatus = (page: StatusPage): readonly string[] => {
  const troubles = concerns(page);
  return [...head(page), ...(troubles.length === 0 ? [] : ['', ...troubles]), '', ...table(page)];
};
