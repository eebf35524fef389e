import type { EntryStamp } from '../stamp.ts';

/** What decides which of two entries comes first. */
export interface OrderedEntry extends EntryStamp {
  /** The counter that numbers the entry. */
  readonly sequenceId: string;
}

/** Negative when the first comes before the second; 0 where nothing tells. */
export type Compare<Value> = (one: Value, other: Value) => number;

/** Of boots of which nothing is known but their ids. */
export const unknownBoots: Compare<string> = () => 0;

const compareHashes = (one: EntryStamp, other: EntryStamp): number =>
  (one.hashHigh >>> 0) - (other.hashHigh >>> 0) || (one.hashLow >>> 0) - (other.hashLow >>> 0);

/**
 * The order in which sd-journal interleaves files: within a counter by number, within a boot by its clock, else as the boots
 * follow each other, then by the time of day, then by content (sd-journal.c, `compare_locations`).
 */
export const orderOf =
  (compareBoots: Compare<string>): Compare<OrderedEntry> =>
  (one, other) => {
    const bySequence = one.sequenceId === other.sequenceId ? one.sequence - other.sequence : 0;
    if (bySequence !== 0) return bySequence;
    const isOneBoot = one.bootId === other.bootId;
    const byBoot = isOneBoot ? one.monotonicUs - other.monotonicUs : compareBoots(one.bootId, other.bootId);
    return byBoot || one.realtimeUs - other.realtimeUs || compareHashes(one, other);
  };
