import type { LossReason } from '../event/drop-reason.ts';
import type { EncodableEvent } from '../event/encode.ts';
import type { RecordPosition } from '../event/record.ts';
import type { Verdict } from '../event/verdict.ts';

/** An event on its way from a feed to lanes, with what policy says of it. */
export interface FeedEvent extends EncodableEvent {
  readonly verdict: Verdict;
}

/** An event that was joined of several records, or of one that was cut. */
export interface JoinedEvent extends FeedEvent {
  /** Sequences of its records, in order. */
  readonly pieces: readonly number[];
}

/** Lines that were lost before they could be read, and whose they were: `(unknown)` where nobody knows. */
export interface ServiceLoss {
  readonly reason: LossReason;
  readonly count: number;
  readonly service: string;
}

/** One record as a feed hands it over, and the events that became complete with it. */
export interface RecordItem {
  readonly kind: 'record';
  readonly shard: string;
  readonly position: RecordPosition;
  /** Rises by one per record of a shard within one feed; never compared across feeds. */
  readonly sequence: number;
  /** Whose line it is: what the ledger counts it under. */
  readonly service: string;
  /** The event of this record alone; undefined where it is a piece of one. */
  readonly event: FeedEvent | undefined;
  /** Events that became complete with it, in order, before its own; none as a rule. */
  readonly joined: readonly JoinedEvent[];
  /** Size of the record as read, in bytes. */
  readonly bytes: number;
  /** What the record tells to be missing; booked and committed with the record itself, so that it counts once. */
  readonly losses?: readonly ServiceLoss[];
}

/** Joins that closed while no record came: their last piece is too long ago. */
export interface ClosedJoins {
  readonly kind: 'joins';
  readonly shard: string;
  readonly joined: readonly JoinedEvent[];
}

export type FeedItem = RecordItem | ClosedJoins;
