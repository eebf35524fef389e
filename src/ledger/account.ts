import { dropReasons, type DropReason } from '../event/drop-reason.ts';
import type { Outcome } from '../event/outcome.ts';
import type { LaneAccount } from '../sdk/lane-account.ts';
import { CountTable, type NamedCounts } from './counts.ts';

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

/** A destination's account. */
export class Account implements LaneAccount {
  readonly #counts: CountTable;

  /** @param saved the counters of the checkpoint that the lane resumes from; empty for a new lane. */
  constructor(saved: readonly NamedCounts[]) {
    this.#counts = CountTable.from(saved);
  }

  read(service: string): void {
    this.#counts.of(service).read += 1;
  }

  passed(service: string): void {
    this.#counts.of(service).passed += 1;
  }

  settled(service: string, outcome: Outcome): void {
    const { settled } = this.#counts.of(service);
    settled[outcome] = (settled[outcome] ?? 0) + 1;
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
    let read = 0;
    let delivered = 0;
    let uncertain = 0;
    let droppedTotal = 0;
    const dropped: Partial<Record<DropReason, number>> = {};
    for (const [, counts] of this.#counts.entries()) {
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
