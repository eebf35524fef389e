import type { AgentStatus, DestinationStatus } from '../pipeline/status.ts';
import { printable } from '../platform/printable.ts';
import { padLeft, padRight } from './columns.ts';
import { formatCount, formatDuration, formatRate } from './figures.ts';
import type { Paint } from './paint.ts';

type DestinationState = DestinationStatus['condition']['state'];

/** A destination's row; coloured by who shows it. */
export interface DestinationRow {
  readonly name: string;
  readonly state: DestinationState;
  readonly text: string;
}

export interface DestinationTable {
  readonly title: string;
  readonly rows: readonly DestinationRow[];
}

interface Column {
  readonly title: string;
  readonly width: number;
  /** On a narrow screen those with the highest go first. */
  readonly leavesAt: number;
  readonly value: (destination: DestinationStatus, nowMs: number) => string;
}

const unknown = 'unknown';
const shortestName = 11;

/** How a state is coloured. */
export const paintState = (paint: Paint, state: DestinationState): ((text: string) => string) =>
  ({ ok: paint.good, retrying: paint.warning, denied: paint.bad })[state];

/** The time between a moment and now; clocks may have been set in between. */
export const ageOf = (nowMs: number, atMs: number | undefined): string =>
  atMs === undefined ? unknown : formatDuration(Math.floor(Math.max(0, nowMs - atMs) / 1000));

const columns: readonly Column[] = [
  { title: 'FOR', width: 8, leavesAt: 4, value: ({ conditionSinceMs }, nowMs) => ageOf(nowMs, conditionSinceMs) },
  { title: 'BEHIND', width: 8, leavesAt: 0, value: ({ lagSeconds }) => formatDuration(Math.floor(lagSeconds)) },
  {
    title: 'LINES',
    width: 8,
    leavesAt: 3,
    value: ({ lagLines }) => (lagLines === undefined ? unknown : formatCount(lagLines)),
  },
  { title: 'PENDING', width: 7, leavesAt: 2, value: ({ balance }) => formatCount(balance.pending) },
  {
    title: 'LINES/S',
    width: 7,
    leavesAt: 1,
    value: ({ linesPerSecond }) => (linesPerSecond === undefined ? unknown : formatRate(linesPerSecond)),
  },
  {
    title: 'RETRIES',
    width: 7,
    leavesAt: 5,
    value: ({ retries }) => (retries === undefined ? unknown : formatCount(retries)),
  },
];

const stateWidth = 8;

const widthOf = (shown: readonly Column[], nameWidth: number): number =>
  shown.reduce((sum, { width }) => sum + width + 1, nameWidth + 1 + stateWidth);

/** As many columns as there is room for. */
const chooseColumns = (width: number): readonly Column[] => {
  let shown = columns;
  while (shown.length > 0 && widthOf(shown, shortestName) > width) {
    const leaving = Math.max(...shown.map(({ leavesAt }) => leavesAt));
    shown = shown.filter(({ leavesAt }) => leavesAt !== leaving);
  }
  return shown;
};

const rowText = (name: string, nameWidth: number, state: string, cells: readonly string[]): string =>
  [padRight(printable(name), nameWidth), padRight(state, stateWidth), ...cells].join(' ').trimEnd();

/** All destinations in the order of the status, those that can't be started last, within `width` columns. */
export const tabulateDestinations = (
  { destinations, denied }: AgentStatus,
  nowMs: number,
  width: number,
): DestinationTable => {
  const shown = chooseColumns(width);
  const longest = Math.max(shortestName, ...[...destinations, ...denied].map(({ name }) => name.length));
  const nameWidth = Math.max(1, Math.min(longest, width - widthOf(shown, 0)));
  const titles = shown.map((column) => padLeft(column.title, column.width));
  return {
    title: rowText('DESTINATION', nameWidth, 'STATE', titles),
    rows: [
      ...destinations.map((destination) => {
        const { name, condition } = destination;
        const cells = shown.map((column) => padLeft(column.value(destination, nowMs), column.width));
        return { name, state: condition.state, text: rowText(name, nameWidth, condition.state, cells) };
      }),
      ...denied.map(({ name }) => ({
        name,
        state: 'denied' as const,
        text: rowText(name, nameWidth, 'denied', []),
      })),
    ],
  };
};
