import { dropReasons, type DropReason } from '../event/drop-reason.ts';
import type { Outcome } from '../event/outcome.ts';
import type { LaneAccount } from '../sdk/lane-account.ts';
import { CountTable, type NamedCounts, type ServiceCounts } from './counts.ts';

/** The equation of the ledger, for one destination or one service of it, in records. */
export interface Balance {
  readonly read: number;
  readonly delivered: number;
  readonly uncertain: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly droppedTotal: number;
  /** Read and not settled. */
  readonly pending: number;
}

/** A destination's account: live counters for people, committed ones for the checkpoint. */
export class Account implements LaneAccount {
  readonly #live: CountTable;
  readonly #committed: CountTable;

  /** @param saved the counters of the checkpoint that the lane resumes from; empty for a new lane. */
  constructor(saved: readonly NamedCounts[]) {
    this.#live = CountTable.from(saved);
    this.#committed = CountTable.from(saved);
  }

  read(service: string): void {
    this.#live.of(service).read += 1;
  }

  settled(service: string, outcome: Outcome): void {
    increment(this.#live.of(service), outcome);
  }

  commitRead(service: string): void {
    this.#committed.of(service).read += 1;
  }

  commitSettled(service: string, outcome: Outcome): void {
    increment(this.#committed.of(service), outcome);
  }

  /** The counters for exactly the records below the low-water mark. */
  committed(): NamedCounts[] {
    return this.#committed.snapshot();
  }

  /** Live counters by service, of what is in flight too. */
  services(): readonly NamedCounts[] {
    return Array.from(this.#live.entries(), ([service, { read, settled }]) => ({
      service,
      read,
      settled: { ...settled },
    }));
  }

  /**
   * The destination's balance as of now.
   *
   * @param pending records taken and not settled, as the lane itself knows; given, so that `read - settled` and `pending`
   *   are two counts of the same thing and their difference is meaningful.
   */
  balance(pending: number): Balance {
    let read = 0;
    let delivered = 0;
    let uncertain = 0;
    let droppedTotal = 0;
    const dropped: Partial<Record<DropReason, number>> = {};
    for (const [, counts] of this.#live.entries()) {
      read += counts.read;
      delivered += counts.settled.delivered ?? 0;
      uncertain += counts.settled.uncertain ?? 0;
      for (const reason of dropReasons) {
        const count = counts.settled[reason] ?? 0;
        if (count === 0) continue;
        dropped[reason] = (dropped[reason] ?? 0) + count;
        droppedTotal += count;
      }
    }
    return { read, delivered, uncertain, dropped, droppedTotal, pending };
  }
}

/** What the equation leaves over; anything but 0 is a bug of ours. */
export const unexplained = (balance: Balance): number =>
  balance.read - balance.delivered - balance.uncertain - balance.droppedTotal - balance.pending;

const increment = (counts: ServiceCounts, outcome: Outcome): void => {
  counts.settled[outcome] = (counts.settled[outcome] ?? 0) + 1;
};
