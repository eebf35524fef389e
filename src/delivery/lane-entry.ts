import type { LogEvent } from '../event/event.ts';
import type { Outcome } from '../event/outcome.ts';
import type { BatchEntry, BatchLimits } from '../sdk/batch.ts';

/** An event's way through a lane, shared by its parts where it was too large for one. */
export interface EventDelivery {
  /** The event itself, whole. */
  readonly event: LogEvent;
  readonly shard: string;
  /** Ordinals of all its records in the lane's settlement. */
  readonly ordinals: readonly number[];
  /** Set on a joined event. */
  readonly joinKey: string | undefined;
  readonly service: string;
  /** The batch key; empty until it is to be sent. */
  key: string;
  /** Memory that it holds while it is in the lane, in bytes. */
  heldBytes: number;
  partsLeft: number;
  /** The worst outcome of its parts so far. */
  outcome: Outcome;
  /** What the service said to that outcome; '' where it said nothing. */
  answer: string;
  /** Whoever asked for it to be sent again; undefined for an event of a feed. */
  readonly done?: (outcome: Outcome, answer: string) => void;
}

/** One batch entry, tied to the event that it (or a part of it) is. */
export interface LaneEntry extends BatchEntry {
  readonly delivery: EventDelivery;
}

/** Entries with one key that are sent together. Never empty. */
export interface LaneBatch {
  readonly key: string;
  readonly entries: readonly LaneEntry[];
  readonly bytes: number;
  /** How often it, or what it was split from, was sent before. */
  readonly attempts: number;
  /** How many deliveries the lane had seen when the service first refused it whole; undefined: it did not. */
  readonly refusedAt?: number;
}

/** Bytes of a batch of these entries, as the service counts them. */
export const countBytes = (entries: readonly BatchEntry[], limits: BatchLimits): number =>
  entries.reduce((sum, entry) => sum + entry.bytes + limits.overheadPerEvent, limits.overheadPerBatch);
