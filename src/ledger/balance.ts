import { dropReasons, type DropReason, type LossReason, lossReasons } from '../event/drop-reason.ts';
import { outcomes } from '../event/outcome.ts';
import { addAll, count, CountTable, type NamedCounts, type ServiceCounts, subtractAll, type Tally } from './counts.ts';

/** The equation of the ledger, for one destination or some services of it, in records. */
export interface Balance {
  readonly read: number;
  readonly delivered: number;
  readonly uncertain: number;
  readonly dropped: Readonly<Tally<DropReason>>;
  readonly droppedTotal: number;
  /** Read and not settled. */
  readonly pending: number;
  /** Lines that others lost before they could be read: beside the equation, never in it. */
  readonly lost: Readonly<Tally<LossReason>>;
}

/** What the equation leaves over; anything but 0 is a bug of ours. */
export const unexplained = (balance: Balance): number =>
  balance.read - balance.delivered - balance.uncertain - balance.droppedTotal - balance.pending;

/** Lines that others lost. dockerd's count overlaps with the others, so that it is left out. */
export const lostLines = (lost: Readonly<Tally<LossReason>>): number =>
  lossReasons.reduce((sum, reason) => (reason === 'docker ordinals' ? sum : sum + (lost[reason] ?? 0)), 0);

/** The equation for the sum of some services. */
export const balanceOf = (
  services: readonly Pick<ServiceCounts, 'read' | 'settled' | 'lost'>[],
  pending: number,
): Balance => {
  let read = 0;
  const settled: ServiceCounts['settled'] = {};
  const lost: ServiceCounts['lost'] = {};
  for (const each of services) {
    read += each.read;
    addAll(settled, outcomes, each.settled);
    addAll(lost, lossReasons, each.lost);
  }
  const dropped: Tally<DropReason> = {};
  let droppedTotal = 0;
  for (const reason of dropReasons) {
    const number = settled[reason] ?? 0;
    if (number === 0) continue;
    count(dropped, reason, number);
    droppedTotal += number;
  }
  const { delivered = 0, uncertain = 0 } = settled;
  return { read, delivered, uncertain, dropped, droppedTotal, pending, lost };
};

const subtract = (now: NamedCounts, then: NamedCounts | undefined): NamedCounts => ({
  service: now.service,
  read: now.read - (then?.read ?? 0),
  settled: subtractAll(outcomes, now.settled, then?.settled ?? {}),
  lost: subtractAll(lossReasons, now.lost, then?.lost ?? {}),
  announced: subtractAll([...dropReasons, ...lossReasons], now.announced, then?.announced ?? {}),
});

const isNothing = ({ read, settled, lost }: NamedCounts): boolean =>
  read === 0 && Object.keys(settled).length === 0 && Object.keys(lost).length === 0;

/** What was counted between two moments, without the services of which nothing was. */
export const countsBetween = (then: readonly NamedCounts[], now: readonly NamedCounts[]): readonly NamedCounts[] => {
  const before = new Map(then.map((counts) => [counts.service, counts]));
  return now.map((counts) => subtract(counts, before.get(counts.service))).filter((counts) => !isNothing(counts));
};

/** Both together. */
export const addCounts = (one: readonly NamedCounts[], other: readonly NamedCounts[]): readonly NamedCounts[] =>
  CountTable.from([...one, ...other]).snapshot();
