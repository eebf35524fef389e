import { dropReasons, type DropReason } from '../event/drop-reason.ts';
import { outcomes } from '../event/outcome.ts';
import type { Balance } from './account.ts';
import { CountTable, type NamedCounts } from './counts.ts';

/** The equation for the sum of some services. */
export const balanceOf = (services: readonly Pick<NamedCounts, 'read' | 'settled'>[], pending: number): Balance => {
  const sum = (count: (counts: Pick<NamedCounts, 'read' | 'settled'>) => number): number =>
    services.reduce((total, counts) => total + count(counts), 0);
  const dropped: Partial<Record<DropReason, number>> = {};
  for (const reason of dropReasons) {
    const count = sum(({ settled }) => settled[reason] ?? 0);
    if (count !== 0) dropped[reason] = count;
  }
  return {
    read: sum(({ read }) => read),
    delivered: sum(({ settled }) => settled.delivered ?? 0),
    uncertain: sum(({ settled }) => settled.uncertain ?? 0),
    dropped,
    droppedTotal: Object.values(dropped).reduce((total, count) => total + count, 0),
    pending,
  };
};

const subtract = (now: NamedCounts, then: NamedCounts | undefined): NamedCounts => {
  const settled: NamedCounts['settled'] = {};
  for (const outcome of outcomes) {
    const count = (now.settled[outcome] ?? 0) - (then?.settled[outcome] ?? 0);
    if (count !== 0) settled[outcome] = count;
  }
  return { service: now.service, read: now.read - (then?.read ?? 0), settled };
};

const isNothing = ({ read, settled }: NamedCounts): boolean => read === 0 && Object.keys(settled).length === 0;

/** What was counted between two moments, without the services of which nothing was. */
export const countsBetween = (then: readonly NamedCounts[], now: readonly NamedCounts[]): readonly NamedCounts[] => {
  const before = new Map(then.map((counts) => [counts.service, counts]));
  return now.map((counts) => subtract(counts, before.get(counts.service))).filter((counts) => !isNothing(counts));
};

/** Both together. */
export const addCounts = (one: readonly NamedCounts[], other: readonly NamedCounts[]): readonly NamedCounts[] =>
  CountTable.from([...one, ...other]).snapshot();
