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

export interface NumbersAround {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

type Test = (stamp: EntryStamp) => boolean;

/** Damage in one place must not send a search astray: so many entries further are looked at instead. */
export const maxUnreadable = 64;
/** Boots in one file; a host that starts over more often is searched by time. */
const maxBoots = 256;

/** What the first readable entry from `index` on says; none to the end is as good as reached, a row of too many is not. */
const testFrom = (file: EntryIndex, index: number, end: number, isReached: Test): boolean => {
  const last = Math.min(end, index + maxUnreadable);
  for (let at = index; at < last; at += 1) {
    const stamp = file.positionAt(at);
    if (stamp !== undefined) return isReached(stamp);
  }
  return last === end;
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

/** The boots of a file in order. */
export function* bootsOf(file: EntryIndex): Generator<BootEntries, void, undefined> {
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

/** The first entry that is not of an earlier boot nor of an earlier time; of the cursor's boot, its own clock tells. */
const findTime = (file: EntryIndex, location: Location, compareBoots: Compare<string>): number => {
  const { bootId, monotonicUs = 0, realtimeUs = 0 } = location;
  let low = 0;
  let high = file.entries;
  for (const boot of bootId === undefined ? [] : bootsOf(file)) {
    if (boot.bootId === bootId) return bisect(file, boot.start, boot.end, (stamp) => stamp.monotonicUs >= monotonicUs);
    const order = boot.bootId === undefined || bootId === undefined ? 0 : compareBoots(boot.bootId, bootId);
    if (order < 0) low = boot.end;
    if (order > 0) high = Math.min(high, boot.start);
  }
  return bisect(file, low, Math.max(low, high), (stamp) => stamp.realtimeUs >= realtimeUs);
};

/**
 * The number of the first entry at a location or after it, found as sd-journal finds it: by number within the same counter,
 * else by the clock of the same boot, else by the order of boots and the time of day.
 */
export const findIndex = (file: EntryIndex, location: Location, compareBoots: Compare<string>): number => {
  const { sequenceId, sequence, bootId, realtimeUs } = location;
  if (sequence !== undefined && sequenceId === file.sequenceId) {
    return bisect(file, 0, file.entries, (stamp) => stamp.sequence >= sequence);
  }
  if (bootId === undefined && realtimeUs === undefined) return 0;
  return findTime(file, location, compareBoots);
};

/** The numbers of the entries of a location's boot right before it and at or after it, of another counter. */
export const numbersAround = (file: EntryIndex, { bootId, monotonicUs }: Location): NumbersAround => {
  const boot = bootId === undefined || monotonicUs === undefined ? undefined : findBoot(file, bootId);
  if (boot === undefined) return { before: undefined, after: undefined };
  const index = bisect(file, boot.start, boot.end, (stamp) => stamp.monotonicUs >= (monotonicUs ?? 0));
  const numberAt = (at: number): number | undefined =>
    at >= boot.start && at < boot.end ? file.positionAt(at)?.sequence : undefined;
  return { before: numberAt(index - 1), after: numberAt(index) };
};
