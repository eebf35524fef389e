import type { EntryStamp } from '../stamp.ts';

/** What decides which of two entries comes first. */
export interface OrderedEntry {
  readonly sequenceId: string;
  readonly stamp: EntryStamp;
}

const compareHashes = (one: EntryStamp, other: EntryStamp): number =>
  (one.hashHigh >>> 0) - (other.hashHigh >>> 0) || (one.hashLow >>> 0) - (other.hashLow >>> 0);

/**
 * The order in which sd-journal (systemd 239 to 253) interleaves files: within a counter by number, within a boot by its
 * clock, then by the time of day, then by content. Negative when an entry comes before `other`.
 *
 * @param sequenceId the counter that numbers the entry
 */
export const compareEntries = (sequenceId: string, stamp: EntryStamp, other: OrderedEntry): number => {
  const bySequence = sequenceId === other.sequenceId ? stamp.sequence - other.stamp.sequence : 0;
  if (bySequence !== 0) return bySequence;
  const byBoot = stamp.bootId === other.stamp.bootId ? stamp.monotonicUs - other.stamp.monotonicUs : 0;
  return byBoot || stamp.realtimeUs - other.stamp.realtimeUs || compareHashes(stamp, other.stamp);
};
