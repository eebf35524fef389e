import type { RecordPosition } from '../event/record.ts';
import type { JoinedEvent, RecordItem } from '../sdk/feed.ts';
import type { LaneAccount } from '../sdk/lane-account.ts';
import type { StartPoint } from '../sdk/source.ts';
import { RecordEncoder } from './record-encoder.ts';
import type { RecordSet } from './record-set.ts';
import { Reread } from './reread.ts';
import { Settlement } from './settlement.ts';

/** Where reading a shard goes on, and what beyond that point is settled already. */
export interface ShardStart {
  readonly resume: StartPoint;
  readonly settled: RecordSet;
}

/** What is saved of a shard; `settled` is what `RecordSet.decode` reads. */
export interface ShardState {
  readonly resume: StartPoint;
  readonly settled: string;
}

/** Clocks are set back by less than this while an agent is restarted. */
const clockStepUs = 60_000_000;

/** Where a track stands in one shard, whichever feed it reads. */
export class ShardProgress {
  readonly settlement: Settlement;
  readonly #start: ShardStart;
  /** Pieces of which the event has not come yet: their sequence in the feed that is read, and their ordinal. */
  #pieces = new Map<number, number>();
  /** Pieces taken through the feed before and not yet read again: ordinals, rising. */
  #lostPieces: number[] = [];
  #reread: Reread | undefined;
  /** The sequence up to which the lane had taken everything when it came to the feed. */
  #takenBefore = -1;

  constructor(start: ShardStart, account: LaneAccount) {
    this.settlement = new Settlement(account);
    this.#start = start;
  }

  /** From where everything that is not settled will be read again. */
  get resume(): StartPoint {
    const { safe } = this.settlement;
    return safe === undefined ? this.#start.resume : { kind: 'after', cursor: safe.cursor() };
  }

  /** The record before one in flight; where that is not known any more, a point right before it. */
  placeBefore(ordinal: number): RecordPosition | StartPoint {
    return this.settlement.positionAt(ordinal - 1) ?? this.resume;
  }

  /** A point right before a record in flight. */
  before(ordinal: number): StartPoint {
    const place = this.placeBefore(ordinal);
    return 'kind' in place ? place : { kind: 'after', cursor: place.cursor() };
  }

  /** Where another track begins that is to read all that was not taken here, and the open pieces again. */
  fork(): ShardStart {
    const { settlement } = this;
    const open = new Set(this.openOrdinals);
    const first = Math.min(settlement.next, ...open);
    const settled = this.#start.settled.clone();
    for (let ordinal = first; ordinal < settlement.next; ordinal += 1) {
      const position = open.has(ordinal) ? undefined : settlement.positionAt(ordinal);
      if (position !== undefined) settled.add(position);
    }
    return { resume: this.before(first), settled };
  }

  /** Ordinals of pieces whose event has not come yet. */
  get openOrdinals(): readonly number[] {
    return [...this.#lostPieces, ...this.#pieces.values()];
  }

  /** True while the feed shows what was taken before, in this run or an earlier one: it has not come to where this stands. */
  get isReadingAgain(): boolean {
    return this.#reread !== undefined || this.#start.settled.size > 0;
  }

  /** True when the low-water mark waits for an event that has not come: nothing but taking more moves it. */
  get waitsForPieces(): boolean {
    const { lowWater } = this.settlement;
    if (this.#lostPieces[0] === lowWater) return true;
    for (const ordinal of this.#pieces.values()) if (ordinal === lowWater) return true;
    return false;
  }

  /** What may be saved: of one moment with the counters. */
  state(): ShardState {
    const encoder = new RecordEncoder();
    this.settlement.encodeSettledAbove(encoder);
    this.#forgetPassed();
    this.#start.settled.encodeTo(encoder);
    return { resume: this.resume, settled: encoder.finish() };
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

  /**
   * Takes an item's record and gives its ordinal; undefined when it was taken before: through another feed, or settled by
   * an earlier run.
   */
  take(item: RecordItem): number | undefined {
    if (item.sequence <= this.#takenBefore) return undefined;
    if (this.#reread !== undefined && this.#isReadAgain(this.#reread, item)) return undefined;
    if (this.#start.settled.size > 0 && this.#start.settled.delete(item.position)) {
      this.settlement.skip(item.position);
      return undefined;
    }
    const ordinal = this.settlement.take(item.position, item.service, item.losses);
    if (item.event === undefined) this.#pieces.set(item.sequence, ordinal);
    return ordinal;
  }

  /**
   * The ordinals of an event's records, which are from now on the event's to settle; empty when all of them were claimed
   * or settled before, in this run or an earlier one. Records that were never taken (the start lies inside the join) are
   * left out.
   */
  claim({ pieces }: JoinedEvent): readonly number[] {
    const ordinals: number[] = [];
    for (const sequence of pieces) {
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

  /** What was settled and is not read again is gone from the source. */
  #forgetPassed(): void {
    const { settled } = this.#start;
    const { safe } = this.settlement;
    if (settled.size > 0 && safe !== undefined && safe.receivedUs > settled.newestUs + clockStepUs) settled.clear();
  }
}
