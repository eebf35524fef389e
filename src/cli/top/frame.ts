import type { AgentIdentity } from '../../admin/control-routes.ts';
import { concernsOf } from '../../admin/health.ts';
import type { AgentStatus } from '../../pipeline/status.ts';
import { printable } from '../../platform/printable.ts';
import { describeBalance } from '../balance-line.ts';
import { padRight, truncate, wrap } from '../columns.ts';
import { describeCapacity } from '../describe-queue.ts';
import { detailsOf } from '../destination-details.ts';
import { ageOf, paintState, tabulateDestinations } from '../destination-table.ts';
import { formatBytes, formatCount, formatDuration, formatRate, formatTime } from '../figures.ts';
import type { Paint } from '../paint.ts';
import { describeReplay } from '../replay/replay-page.ts';
import { inOrder, type View } from './view.ts';

/** All that one frame shows. */
export interface Frame {
  readonly identity: AgentIdentity;
  readonly status: AgentStatus;
  readonly view: View;
  /** When the status was asked for, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Why it is not of now; undefined when it is. */
  readonly trouble: string | undefined;
  readonly width: number;
  readonly height: number;
  readonly paint: Paint;
}

const maxConcerns = 3;
const detailRows = 3;

const fit = (text: string, width: number): string => truncate(printable(text), width);

const headline = ({ identity, status, nowMs, view, width, paint, trouble }: Frame): string => {
  const left = `sluice ${identity.version}  pid ${identity.pid}  up ${ageOf(nowMs, status.startedMs)}`;
  const right =
    trouble === undefined ? `${view.isPaused ? 'PAUSED  ' : ''}${formatTime(nowMs).slice(-8)}` : 'NO ANSWER';
  return paint.strong(padRight(fit(left, width), Math.max(0, width - right.length)) + fit(right, width));
};

const summary = ({ status, width }: Frame): readonly string[] => {
  const { reader, feeds, memory, queue, destinations } = status;
  const rate = destinations.reduce((sum, { linesPerSecond = 0 }) => sum + linesPerSecond, 0);
  const kept =
    memory === undefined ? 'unknown' : `${formatBytes(memory.usedBytes)} of ${formatBytes(memory.budgetBytes)}`;
  return [
    `reader ${reader?.state ?? 'unknown'} (${feeds})   delivers ${formatRate(rate)} lines/s   memory ${kept}`,
    `queue ${describeCapacity(queue)}   routes ${status.routing ?? 'unknown'}`,
  ].map((line) => fit(line, width));
};

const warnings = ({ status, nowMs, width, paint, trouble }: Frame): readonly string[] => {
  if (trouble !== undefined) {
    return [paint.bad(fit(`! no answer since ${formatTime(nowMs).slice(-8)}, trying again: ${trouble}`, width))];
  }
  const concerns = concernsOf(status, nowMs);
  const shown = concerns.slice(0, maxConcerns).map((concern) => `! ${concern}`);
  const rest = concerns.length - shown.length;
  return [...shown, ...(rest > 0 ? [`! and ${rest} more`] : [])].map((line) => paint.bad(fit(line, width)));
};

const replays = ({ status, width }: Frame): readonly string[] =>
  status.replays.map((progress) => fit(describeReplay(progress), width));

const footer = ({ view, width, paint }: Frame): string =>
  paint.faint(
    fit(
      view.page === 'table'
        ? `q quit  ↑↓ select  ⏎ details  s sort (${view.sorting})  space pause  ? help`
        : 'q quit  ⏎ or esc back',
      width,
    ),
  );

/** The part of a list that fits, around what is selected. */
const scroll = <Item>(items: readonly Item[], selected: number, room: number): readonly Item[] => {
  const start = Math.max(0, Math.min(selected - Math.floor(room / 2), items.length - room));
  return items.slice(start, start + Math.max(0, room));
};

const tablePage = (frame: Frame, room: number): readonly string[] => {
  const { status, view, nowMs, width, paint } = frame;
  const { title, rows } = tabulateDestinations(inOrder(status, view), nowMs, width - 2);
  if (rows.length === 0) return ['no destination is switched on'];
  const selected = Math.min(view.selected, rows.length - 1);
  const numbered = rows.map((row, index) => ({ ...row, index }));
  const lines = scroll(numbered, selected, room - detailRows - 2).map(({ text, state, index }) => {
    const mark = index === selected ? '> ' : '  ';
    const painted = paintState(paint, state)(padRight(mark + text, width));
    return index === selected ? paint.inverse(painted) : painted;
  });
  const details = detailsOf(status, rows[selected]?.name ?? '', nowMs).flatMap((line) =>
    wrap(printable(line), width - 2),
  );
  return [
    paint.faint(fit(`  ${title}`, width)),
    ...lines,
    '',
    ...details.slice(0, detailRows).map((line) => fit(`  ${line}`, width)),
  ];
};

const detailsPage = (frame: Frame): readonly string[] => {
  const { status, view, nowMs, width, paint } = frame;
  const { destinations, denied } = inOrder(status, view);
  const all = [...destinations.map(({ name }) => name), ...denied.map(({ name }) => name)];
  const name = all[Math.min(view.selected, all.length - 1)] ?? '';
  const destination = destinations.find((each) => each.name === name);
  const figures =
    destination === undefined
      ? ['denied']
      : [
          `${destination.condition.state} for ${ageOf(nowMs, destination.conditionSinceMs)} (type ${destination.type})`,
          describeBalance(destination),
          `behind ${formatDuration(Math.floor(destination.lagSeconds))}, ${destination.lagLines ?? 'an unknown number of'} lines`,
          `${formatRate(destination.linesPerSecond ?? 0)} lines/s, ${formatCount(destination.requests ?? 0)} requests, ` +
            `${formatCount(destination.retries ?? 0)} of them repeated, ` +
            `${formatCount(destination.resent)} events resent, ${formatCount(destination.originated)} of our own`,
          `${formatBytes(destination.billedBytes)} as the service bills them`,
        ];
  const lines = [...figures, ...detailsOf(status, name, nowMs)].flatMap((line) => wrap(printable(line), width - 2));
  return [paint.strong(fit(name, width)), ...lines.map((line) => `  ${line}`)];
};

const help = [
  'up, down, j, k   select a destination; g, G the first and the last',
  'enter            all about the selected one; enter or esc goes back',
  's                sort: as configured, most behind, fastest, most pending, name',
  'space            stop and go on looking',
  'q, ^C            quit',
  '',
  'FOR      how long it has been in its state',
  'BEHIND   how long the oldest line that is not delivered has waited',
  'LINES    how many lines it is behind the newest',
  'PENDING  lines in memory on their way to it',
  'LINES/S  delivered, over about the last minute',
  'RETRIES  requests that had to be repeated, since the agent began',
];

const pageOf = (frame: Frame, room: number): readonly string[] => {
  switch (frame.view.page) {
    case 'table':
      return tablePage(frame, room);
    case 'details':
      return detailsPage(frame);
    case 'help':
      return help.map((line) => fit(line, frame.width));
  }
};

/** Exactly `height` lines of at most `width` columns. Nothing in them reaches the terminal as a control sequence but colours. */
export const renderFrame = (frame: Frame): readonly string[] => {
  const { height } = frame;
  const top = [headline(frame), ...summary(frame), ...replays(frame), ...warnings(frame), ''];
  const room = Math.max(0, height - top.length - 1);
  const body = [...top, ...pageOf(frame, room)].slice(0, Math.max(0, height - 1));
  const filling = Array.from({ length: Math.max(0, height - 1 - body.length) }, () => '');
  return [...body, ...filling, footer(frame)].slice(0, height);
};
