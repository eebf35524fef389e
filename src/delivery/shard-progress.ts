import { streamKeyOf } from '../normalize/stream-key.ts';
import type { FeedEvent, RecordItem } from '../sdk/feed.ts';
import type { LaneAccount } from '../sdk/lane-account.ts';
import { Reread } from './reread.ts';
import { type SettledPrefix, Settlement, type Straddle } from './settlement.ts';

/** What an earlier run of a lane settled beyond its cursor. */
export interface ShardStart {
  readonly straddles: readonly Straddle[];
}

/** A join that an earlier run settled: its records are skipped. */
interface Skip extends Straddle {
  /** Ordinal of the record with which it ended; undefined until that one is read. */
  lastOrdinal: number | undefined;
}

/** Where a lane stands in one shard, whichever feed it reads. */
export class ShardProgress {
  readonly settlement: Settlement;
  /** By stream. Kept until all of it lies below the mark, since until then it belongs to what is saved. */
  readonly #skips: Map<string, Skip>;
  /** Pieces of which the event has not come yet: their sequence in the feed that is read, and their ordinal. */
  #pieces = new Map<number, number>();
  /** Pieces taken through the feed before and not yet read again: ordinals, rising. */
  #lostPieces: number[] = [];
  #reread: Reread | undefined;
  /** The sequence up to which the lane had taken everything when it came to the feed. */
  #takenBefore = -1;
  #newestOrdinal = -1;

  constructor(start: ShardStart, account: LaneAccount) {
    this.settlement = new Settlement(account);
    this.#skips = new Map(
      start.straddles.map((straddle) => [straddle.joinKey, { ...straddle, lastOrdinal: undefined }]),
    );
  }

  /** Ordinals of pieces whose event has not come yet. */
  get openOrdinals(): readonly number[] {
    return [...this.#lostPieces, ...this.#pieces.values()];
  }

  /** True when the low-water mark waits for an event that has not come: nothing but taking more moves it. */
  get waitsForPieces(): boolean {
    const { lowWater } = this.settlement;
    if (this.#lostPieces[0] === lowWater) return true;
    for (const ordinal of this.#pieces.values()) if (ordinal === lowWater) return true;
    return false;
  }

  /** What may be saved. */
  prefix(): SettledPrefix {
    this.#forgetSkips();
    const { position, straddles } = this.settlement.prefix();
    const skips = [...this.#skips.values()].map(({ joinKey, lastId }) => ({ joinKey, lastId }));
    return { position, straddles: [...skips, ...straddles] };
  }

  /** From now on items come from a feed that begins at the low-water mark: it reads again what is in flight. */
  readAgain(): void {
    const { settlement } = this;
    this.#takenBefore = -1;
    this.#lostPieces = this.openOrdinals.toSorted((one, other) => one - other);
    this.#pieces = new Map();
    this.#reread = settlement.span === 0 ? undefined : new Reread(settlement.positionsInFlight(), settlement.lowWater);
  }

  /** Sequences of the open pieces in a feed in which the newest record taken has this sequence. */
  openSequences(newestSequence: number): readonly number[] {
    return this.openOrdinals.map((ordinal) => newestSequence - (this.settlement.next - 1 - ordinal));
  }

  /** From now on items come from a feed in which the newest record taken has this sequence. */
  readAfter(newestSequence: number): void {
    const ordinals = this.openOrdinals;
    const sequences = this.openSequences(newestSequence);
    this.#pieces = new Map(ordinals.map((ordinal, index) => [sequences[index] ?? 0, ordinal]));
    this.#lostPieces = [];
    this.#reread = undefined;
    this.#takenBefore = newestSequence;
  }

  /** Takes an item's record; false when it was taken before, through another feed. */
  take(item: RecordItem): boolean {
    if (item.sequence <= this.#takenBefore) return false;
    if (this.#reread !== undefined && this.#isReadAgain(this.#reread, item)) return false;
    this.#newestOrdinal = this.settlement.next;
    if (this.#isSkipped(item)) {
      this.settlement.skip(item.position);
      return true;
    }
    this.settlement.take(item.position, item.service);
    if (item.joinKey !== undefined) this.#pieces.set(item.sequence, this.#newestOrdinal);
    return true;
  }

  /**
   * The lane's ordinals of an event's records, which are from now on the event's to settle; empty when the lane has the
   * event already, in this run or settled in an earlier one. Records that the lane never took (its start lies inside the
   * join) are left out.
   */
  claim(event: FeedEvent): readonly number[] {
    if (event.joinKey === undefined) {
      return this.settlement.isPending(this.#newestOrdinal) ? [this.#newestOrdinal] : [];
    }
    const ordinals: number[] = [];
    for (const sequence of event.sequences) {
      const ordinal = this.#pieces.get(sequence);
      if (ordinal === undefined) continue;
      this.#pieces.delete(sequence);
      ordinals.push(ordinal);
    }
    return ordinals;
  }

  #isReadAgain(reread: Reread, { position, sequence }: RecordItem): boolean {
    const ordinal = reread.ordinalOf(position);
    if (ordinal === undefined) {
      if (!reread.isPassedBy(position)) return false;
      this.#giveUpPieces(this.settlement.next);
      this.#reread = undefined;
      return false;
    }
    this.#giveUpPieces(ordinal);
    if (this.#lostPieces[0] === ordinal) {
      this.#lostPieces.shift();
      this.#pieces.set(sequence, ordinal);
    }
    if (ordinal === this.settlement.next - 1) this.#reread = undefined;
    return true;
  }

  /** Pieces that were not read again are gone from the source, and the rest of their line with them. */
  #giveUpPieces(belowOrdinal: number): void {
    for (let ordinal = this.#lostPieces[0]; ordinal !== undefined && ordinal < belowOrdinal;) {
      this.settlement.settle(ordinal, this.settlement.serviceAt(ordinal), 'overrun');
      this.#lostPieces.shift();
      ordinal = this.#lostPieces[0];
    }
  }

  #isSkipped({ joinKey: pieceKey, position, events }: RecordItem): boolean {
    if (this.#skips.size === 0) return false;
    const own = events.at(-1);
    // The last piece of a line that is not numbered looks whole when it is read without the others.
    const joinKey = pieceKey ?? (own === undefined ? undefined : streamKeyOf(own.event));
    const skip = joinKey === undefined ? undefined : this.#skips.get(joinKey);
    if (skip === undefined || skip.lastOrdinal !== undefined) return false;
    const id = position.id();
    // Ids sort by receive time: one beyond means that the last one to skip is gone from the source.
    if (id >= skip.lastId) skip.lastOrdinal = this.#newestOrdinal;
    return id <= skip.lastId;
  }

  #forgetSkips(): void {
    for (const [joinKey, { lastOrdinal }] of this.#skips) {
      if (lastOrdinal !== undefined && lastOrdinal < this.settlement.lowWater) this.#skips.delete(joinKey);
    }
  }
}
