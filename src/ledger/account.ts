import { type DropReason, type LossReason, lossReasons } from '../event/drop-reason.ts';
import type { Outcome } from '../event/outcome.ts';
import type { ServiceLoss } from '../sdk/feed.ts';
import { type LaneAccount, noLosses, type Unannounced } from '../sdk/lane-account.ts';
import { type Balance, balanceOf } from './balance.ts';
import { count, CountTable, type NamedCounts, subtractAll } from './counts.ts';

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
      const dropped = subtractAll(announcedDrops, settled, announced);
      const lost = subtractAll(announcedLosses, lostPassed, announced);
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

  /** Live counters by service, of what is in flight too. */
  services(): readonly NamedCounts[] {
    return Array.from(this.#counts.entries(), ([service, { read, settled, lost, announced }]) => ({
      service,
      read,
      settled: { ...settled },
      lost: { ...lost },
      announced: { ...announced },
    }));
  }

  /**
   * The destination's balance as of now.
   *
   * @param pending records taken and not settled, as the lane itself knows; given, so that `read - settled` and `pending`
   *   are two counts of the same thing and their difference is meaningful.
   */
  balance(pending: number): Balance {
    return balanceOf(
      Array.from(this.#counts.entries(), ([, counts]) => counts),
      pending,
    );
  }
}
