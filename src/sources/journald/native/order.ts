import type { EntryStamp } from '../stamp.ts';

/** What decides which of two entries comes first. */
export interface OrderedEntry extends EntryStamp {
  /** The counter that numbers the entry. */
  readonly sequenceId: string;
}

const compareHashes = (one: EntryStamp, other: EntryStamp): number =>
  (one.hashHigh >>> 0) - (other.hashHigh >>> 0) || (one.hashLow >>> 0) - (other.hashLow >>> 0);

/**
 * The order in which sd-journal (systemd 239 to 253) interleaves files: within a counter by number, within a boot by its
 * clock, then by the time of day, then by content. Negative when `one` comes before `other`.
 */
export const compareEntries = (one: OrderedEntry, other: OrderedEntry): number => {
  const bySequence = one.sequenceId === other.sequenceId ? one.sequence - other.sequence : 0;
  if (bySequence !== 0) return bySequence;
  const byBoot = one.bootId === other.bootId ? one.monotonicUs - other.monotonicUs : 0;
  return byBoot || one.realtimeUs - other.realtimeUs || compareHashes(one, other);
};
