import type { LogEvent } from '../event/event.ts';
import type { Outcome } from '../event/outcome.ts';
import type { BatchEntry, BatchLimits } from '../sdk/batch.ts';
import type { Claim } from './track.ts';

/** Whoever accounts for an event's records. */
export interface Settler {
  /** Where the event comes from: the main track, a parked key, the lane itself, or a dead letter that is tried again. */
  readonly kind: 'main' | 'parked' | 'notice' | 'resent';
  /** The event is in the lane's hands from now on. */
  take(delivery: EventDelivery): void;
  /** The event is done: `delivery.outcome` says how. */
  settle(delivery: EventDelivery): void;
}

/** An event's way through a lane, shared by its parts where it was too large for one. */
export interface EventDelivery {
  /** The event itself, whole. */
  readonly event: LogEvent;
  /** All its records; what comes from no feed has none. */
  readonly claim: Claim;
  /** Another one when its key is set aside while it is in the lane. */
  settler: Settler;
  /** The batch key; empty until it is to be sent. */
  key: string;
  /** Memory that it holds while it is in the lane, in bytes. */
  heldBytes: number;
  partsLeft: number;
  /** The worst outcome of its parts so far. */
  outcome: Outcome;
  /** The service's own word on that outcome. */
  answer: string;
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

/** What is left of a batch; undefined when that is nothing. */
export const filterBatch = (
  batch: LaneBatch,
  isKept: (entry: LaneEntry) => boolean,
  limits: BatchLimits,
): LaneBatch | undefined => {
  const entries = batch.entries.filter((entry) => isKept(entry));
  if (entries.length === batch.entries.length) return batch;
  return entries.length === 0 ? undefined : { ...batch, entries, bytes: countBytes(entries, limits) };
};
