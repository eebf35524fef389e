import { streamKeyOf } from '../normalize/stream-key.ts';
import type { RecordItem } from '../sdk/feed.ts';
import type { LaneAccount } from '../sdk/lane-account.ts';
import { Settlement, type Straddle } from './settlement.ts';

/** What an earlier run of a lane settled beyond its cursor. */
export interface ShardStart {
  readonly straddles: readonly Straddle[];
}

/** Where a lane stands in one shard, whichever feed it reads. */
export class ShardProgress {
  readonly settlement: Settlement;
  /** Streams of which records are skipped, and the identity of the last one to skip. */
  readonly #skips: Map<string, string>;
  /** What to add to a feed's sequence to get this lane's ordinal. */
  #offset = 0;

  constructor(start: ShardStart, account: LaneAccount) {
    this.settlement = new Settlement(account);
    this.#skips = new Map(start.straddles.map(({ joinKey, lastId }) => [joinKey, lastId]));
  }

  /** From now on items come from a feed in which the lane's record `ordinal` has this sequence. */
  align(sequence: number, ordinal: number): void {
    this.#offset = ordinal - sequence;
  }

  /** Takes an item's record; false when it was taken before, through another feed. */
  take(item: RecordItem): boolean {
    const ordinal = item.sequence + this.#offset;
    if (ordinal < this.settlement.next) return false;
    if (this.#isSkipped(item)) this.settlement.skip(item.position);
    else this.settlement.take(item.position, item.service);
    return true;
  }

  /**
   * The lane's ordinals of an event's records; empty when an earlier run settled the event. Records that the lane never
   * took (its start lies inside the join) are left out.
   */
  ordinalsOf(sequences: readonly number[]): readonly number[] {
    const ordinals = sequences.map((sequence) => sequence + this.#offset);
    const isOpen = (ordinal: number): boolean => this.settlement.isPending(ordinal);
    return isOpen(ordinals.at(-1) ?? -1) ? ordinals.filter((ordinal) => isOpen(ordinal)) : [];
  }

  #isSkipped({ joinKey: pieceKey, position, events }: RecordItem): boolean {
    if (this.#skips.size === 0) return false;
    const own = events.at(-1);
    // The last piece of a line that is not numbered looks whole when it is read without the others.
    const joinKey = pieceKey ?? (own === undefined ? undefined : streamKeyOf(own.event));
    if (joinKey === undefined) return false;
    const lastId = this.#skips.get(joinKey);
    if (lastId === undefined) return false;
    const id = position.id();
    // Ids sort by receive time: one beyond means that the last one to skip is gone from the source.
    if (id >= lastId) this.#skips.delete(joinKey);
    return id <= lastId;
  }
}
