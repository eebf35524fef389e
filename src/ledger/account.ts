import { dropReasons, type DropReason, type LossReason, lossReasons } from '../event/drop-reason.ts';
import { type Outcome, outcomes } from '../event/outcome.ts';
import type { ServiceLoss } from '../sdk/feed.ts';
import { type LaneAccount, noLosses, type Unannounced } from '../sdk/lane-account.ts';
import { addAll, count, CountTable, type NamedCounts, type ServiceCounts, type Tally } from './counts.ts';

/** The equation of the ledger, for one destination or one service of it, in records. */
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

/** The balance of one service. */
export interface ServiceBalance extends Balance {
  readonly service: string;
}

/** Drops that nobody asked for by naming the lines: the service is told of them in its own stream. */
const announcedDrops: readonly DropReason[] = [
  'rate-limited',
  'rejected',
  'too old',
  'too new',
  'too large',
  'disabled by operator',
  'skipped by operator',
  'over max_backlog',
  'overrun',
];
/** dockerd's count overlaps with the others. */
const announcedLosses: readonly LossReason[] = lossReasons.filter((reason) => reason !== 'docker ordinals');

const differences = <Reason extends string>(
  reasons: readonly Reason[],
  happened: Readonly<Tally<Reason>>,
  told: Readonly<Tally<Reason>>,
): Tally<Reason> => {
  const left: Tally<Reason> = {};
  for (const reason of reasons) {
    const more = (happened[reason] ?? 0) - (told[reason] ?? 0);
    if (more > 0) left[reason] = more;
  }
  return left;
};

/** A destination's account. */
export class Account implements LaneAccount {
  readonly #counts: CountTable;

  /** @param saved the counters of the checkpoint that the lane resumes from; empty for a new lane. */
  constructor(saved: readonly NamedCounts[]) {
    this.#counts = CountTable.from(saved);
  }

  read(service: string, losses: readonly ServiceLoss[] = noLosses): void {
    this.#counts.of(service).read += 1;
    for (const { service: owner, reason, count: lost } of losses) count(this.#counts.of(owner).lost, reason, lost);
  }

  passed(service: string, losses: readonly ServiceLoss[] = noLosses): void {
    this.#counts.of(service).passed += 1;
    for (const { service: owner, reason, count: lost } of losses) {
      count(this.#counts.of(owner).lostPassed, reason, lost);
    }
  }

  settled(service: string, outcome: Outcome): void {
    count(this.#counts.of(service).settled, outcome, 1);
  }

  /** The service's stream was told. */
  announced({ service, dropped, lost }: Unannounced): void {
    const { announced } = this.#counts.of(service);
    for (const reason of announcedDrops) if (dropped[reason] !== undefined) count(announced, reason, dropped[reason]);
    for (const reason of announcedLosses) if (lost[reason] !== undefined) count(announced, reason, lost[reason]);
  }

  /** What is to be announced now. */
  unannounced(): readonly Unannounced[] {
    const found: Unannounced[] = [];
    for (const [service, { settled, lostPassed, announced }] of this.#counts.entries()) {
      const dropped = differences(announcedDrops, settled, announced);
      const lost = differences(announcedLosses, lostPassed, announced);
      if (Object.keys(dropped).length + Object.keys(lost).length === 0) continue;
      const toldBefore = Object.values(announced).reduce((sum, number) => sum + number, 0);
      found.push({ service, dropped, lost, toldBefore });
    }
    return found;
  }

  /**
   * The counters for exactly the records that a checkpoint of this moment covers, so that after any crash they are a
   * function of the source's prefix.
   */
  covered(): NamedCounts[] {
    return this.#counts.snapshot();
  }

  /**
   * The destination's balance as of now.
   *
   * @param pending records taken and not settled, as the lane itself knows; given, so that `read - settled` and `pending`
   *   are two counts of the same thing and their difference is meaningful.
   */
  balance(pending: number): Balance {
    const total: ServiceCounts = { read: 0, passed: 0, settled: {}, lost: {}, lostPassed: {}, announced: {} };
    for (const [, { read, settled, lost }] of this.#counts.entries()) {
      total.read += read;
      addAll(total.settled, outcomes, settled);
      addAll(total.lost, lossReasons, lost);
    }
    return balanceOf(total, pending);
  }

  /** The balance of each service; `pendingOf` as for {@link Account.balance}. */
  services(pendingOf: (service: string) => number): readonly ServiceBalance[] {
    return Array.from(this.#counts.entries(), ([service, counts]) => ({
      service,
      ...balanceOf(counts, pendingOf(service)),
    }));
  }
}

/** What the equation leaves over; anything but 0 is a bug of ours. */
export const unexplained = (balance: Balance): number =>
  balance.read - balance.delivered - balance.uncertain - balance.droppedTotal - balance.pending;

const balanceOf = ({ read, settled, lost }: ServiceCounts, pending: number): Balance => {
  const dropped: Tally<DropReason> = {};
  let droppedTotal = 0;
  for (const reason of dropReasons) {
    const number = settled[reason] ?? 0;
    if (number === 0) continue;
    dropped[reason] = number;
    droppedTotal += number;
  }
  const { delivered = 0, uncertain = 0 } = settled;
  return { read, delivered, uncertain, dropped, droppedTotal, pending, lost: { ...lost } };
};
