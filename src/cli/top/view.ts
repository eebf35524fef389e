import type { AgentStatus, DestinationStatus } from '../../pipeline/status.ts';
import type { Key } from './key.ts';

export const sortings = ['as configured', 'most behind', 'fastest', 'most pending', 'name'] as const;

export type Sorting = (typeof sortings)[number];

/** What a person chose to see. */
export interface View {
  /** Index of the selected row. */
  readonly selected: number;
  readonly sorting: Sorting;
  readonly isPaused: boolean;
  readonly page: 'table' | 'details' | 'help';
}

export const firstView: View = { selected: 0, sorting: 'as configured', isPaused: false, page: 'table' };

const nextSorting = (sorting: Sorting): Sorting =>
  sortings[(sortings.indexOf(sorting) + 1) % sortings.length] ?? 'as configured';

/** The view after a key; `rows` is how many destinations there are. Quitting is not its business. */
export const pressed = (view: View, key: Key, rows: number): View => {
  const last = Math.max(0, rows - 1);
  const selected = Math.min(view.selected, last);
  switch (key) {
    case 'up':
      return { ...view, selected: Math.max(0, selected - 1) };
    case 'down':
      return { ...view, selected: Math.min(last, selected + 1) };
    case 'first':
      return { ...view, selected: 0 };
    case 'last':
      return { ...view, selected: last };
    case 'enter':
      return { ...view, page: view.page === 'table' && rows > 0 ? 'details' : 'table' };
    case 'back':
      return { ...view, page: 'table' };
    case 'help':
      return { ...view, page: view.page === 'help' ? 'table' : 'help' };
    case 'sort':
      return { ...view, sorting: nextSorting(view.sorting), selected: 0 };
    case 'pause':
      return { ...view, isPaused: !view.isPaused };
    case 'quit':
      return view;
  }
};

type Order = (one: DestinationStatus, other: DestinationStatus) => number;

const orders: Readonly<Record<Sorting, Order>> = {
  'as configured': () => 0,
  'most behind': (one, other) => other.lagSeconds - one.lagSeconds,
  fastest: (one, other) => (other.linesPerSecond ?? 0) - (one.linesPerSecond ?? 0),
  'most pending': (one, other) => other.balance.pending - one.balance.pending,
  name: (one, other) => (one.name < other.name ? -1 : 1),
};

/** The status with its destinations in the order of the view. */
export const inOrder = (status: AgentStatus, { sorting }: View): AgentStatus => ({
  ...status,
  destinations: status.destinations.toSorted(orders[sorting]),
});
