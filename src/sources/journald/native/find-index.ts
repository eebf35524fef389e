import type { EntryStamp } from '../stamp.ts';
import type { Location } from './location.ts';
import type { Compare } from './order.ts';

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

/** The entries of one boot, which stand together. */
interface BootEntries {
  /** Undefined where they can't be read, or where there are too many boots to tell them apart. */
  readonly bootId: string | undefined;
  readonly start: number;
  readonly end: number;
}

function* bootsOf(file: EntryIndex): Generator<BootEntries, void, undefined> {
  let start = 0;
  const last = file.positionAt(file.entries - 1)?.bootId;
  for (let boots = 0; start < file.entries && boots < maxBoots; boots += 1) {
    const bootId = file.positionAt(start)?.bootId;
    const isOther = (stamp: EntryStamp): boolean => stamp.bootId !== bootId;
    const end = bootId !== undefined && bootId === last ? file.entries : bisect(file, start + 1, file.entries, isOther);
    yield { bootId, start, end };
    start = end;
  }
  if (start < file.entries) yield { bootId: undefined, start, end: file.entries };
}

/** The entries of a boot; undefined when the file has none. */
export const findBoot = (file: EntryIndex, bootId: string): BootEntries | undefined => {
  for (const boot of bootsOf(file)) if (boot.bootId === bootId) return boot;
  return undefined;
};

/** The first of a boot's entries that is at a location or after it; the end where none is. */
const findInBoot = (file: EntryIndex, boot: BootEntries, location: Location, compareBoots: Compare<string>): number => {
  const { bootId, monotonicUs = 0, realtimeUs = 0 } = location;
  if (bootId !== undefined && boot.bootId !== undefined) {
    if (boot.bootId === bootId) return bisect(file, boot.start, boot.end, (stamp) => stamp.monotonicUs >= monotonicUs);
    const byBoot = compareBoots(boot.bootId, bootId);
    if (byBoot !== 0) return byBoot > 0 ? boot.start : boot.end;
  }
  return bisect(file, boot.start, boot.end, (stamp) => stamp.realtimeUs >= realtimeUs);
};

/**
 * The number of the first entry at a location or after it: by number within the same counter, else by the clock of the same
 * boot, the order of boots, and the time of day. sd-journal goes on in the cursor's boot and passes over what stands before it
 * in the file, which is still to come where the clock was set back; here no entry that comes after the location is behind.
 */
export const findIndex = (file: EntryIndex, location: Location, compareBoots: Compare<string>): number => {
  const { sequenceId, sequence, bootId, realtimeUs } = location;
  if (sequence !== undefined && sequenceId === file.sequenceId) {
    return bisect(file, 0, file.entries, (stamp) => stamp.sequence >= sequence);
  }
  if (bootId === undefined && realtimeUs === undefined) return 0;
  for (const boot of bootsOf(file)) {
    const index = findInBoot(file, boot, location, compareBoots);
    if (index < boot.end) return index;
  }
  return file.entries;
};
