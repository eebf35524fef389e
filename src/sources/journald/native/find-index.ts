import type { EntryStamp } from '../stamp.ts';
import type { Location } from './location.ts';

/** The entries of a file, by number within it. */
export interface EntryIndex {
  readonly entries: number;
  readonly sequenceId: string;
  /** Undefined where the entry can't be read. */
  positionAt(index: number): EntryStamp | undefined;
}

type Test = (stamp: EntryStamp) => boolean;

/** Damage in one place must not send a search astray: so many entries further are looked at instead. */
const maxUnreadable = 64;
/** Boots in one file; a host that starts over more often is searched by time. */
const maxBoots = 256;

/** What the first readable entry from `index` on says; false where none of the next ones is. */
const testFrom = (file: EntryIndex, index: number, end: number, isReached: Test): boolean => {
  for (let at = index; at < Math.min(end, index + maxUnreadable); at += 1) {
    const stamp = file.positionAt(at);
    if (stamp !== undefined) return isReached(stamp);
  }
  return false;
};

/** The first entry in a range of which `isReached` is true, where it is false of all before and true of all after. */
const bisect = (file: EntryIndex, start: number, end: number, isReached: Test): number => {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (testFrom(file, middle, high, isReached)) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** The entries of a boot, which stand together; undefined when the file has none. */
export const findBoot = (file: EntryIndex, bootId: string): readonly [start: number, end: number] | undefined => {
  let start = 0;
  for (let boots = 0; start < file.entries && boots < maxBoots; boots += 1) {
    const first = file.positionAt(start)?.bootId;
    const end = bisect(file, start + 1, file.entries, (stamp) => stamp.bootId !== first);
    if (first === bootId) return [start, end];
    start = end;
  }
  return undefined;
};

/**
 * The number of the first entry at a location or after it, found as sd-journal finds it: by number within the same counter,
 * else by the clock of the same boot, else by the time of day.
 */
export const findIndex = (file: EntryIndex, location: Location): number => {
  const { sequenceId, sequence, bootId, monotonicUs, realtimeUs } = location;
  if (sequence !== undefined && sequenceId === file.sequenceId) {
    return bisect(file, 0, file.entries, (stamp) => stamp.sequence >= sequence);
  }
  const boot = bootId === undefined || monotonicUs === undefined ? undefined : findBoot(file, bootId);
  if (boot !== undefined) return bisect(file, boot[0], boot[1], (stamp) => stamp.monotonicUs >= (monotonicUs ?? 0));
  if (realtimeUs === undefined) return 0;
  return bisect(file, 0, file.entries, (stamp) => stamp.realtimeUs >= realtimeUs);
};
