import type { BatchEntry, BatchLimits } from '../sdk/batch.ts';
import type { LaneEntry } from './lane-entry.ts';

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
