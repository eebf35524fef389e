import type { EntryStamp } from '../stamp.ts';

/** What was handed over in a row of one journal in memory, both ends included. */
interface MemoryRange {
  readonly fromUs: number;
  toUs: number;
  /** Number of the last entry. */
  last: number;
}

/** The newest entries that were handed over of one boot. */
interface Newest {
  readonly bootId: string;
  /** The file that they came from last. */
  file: object;
  monotonicUs: number;
  /** One that was handed over of that microsecond. */
  stamp: EntryStamp;
  /** All others; few microseconds have any. */
  readonly others: EntryStamp[];
  /** What was handed over from memory. */
  readonly fromMemory: MemoryRange[];
}

/** A machine's boots at a time; beyond, the one that was met first is forgotten. */
const maxBoots = 1024;
/** Entries written in one go share their time; of more than these, copies may be taken for others. */
const maxOthers = 1023;
/** Each journal that journald keeps in memory is one range, as it misses none of the numbers. */
const maxRanges = 64;

/** Numbers may differ: they are the file's. */
const isSame = (one: EntryStamp, other: EntryStamp): boolean =>
  one.hashLow === other.hashLow && one.hashHigh === other.hashHigh && one.realtimeUs === other.realtimeUs;

const note = (ranges: MemoryRange[], { sequence, monotonicUs }: EntryStamp): void => {
  const range = ranges.at(-1);
  if (range?.last === sequence - 1) {
    range.last = sequence;
    range.toUs = monotonicUs;
  } else if (ranges.push({ fromUs: monotonicUs, toUs: monotonicUs, last: sequence }) > maxRanges) ranges.shift();
};

/**
 * Knows an entry that was handed over from another file: journald copies its journal from memory to disk, entry by entry
 * while we read, and people copy files. For the files of one journald.
 *
 * An entry that comes after newer ones of its boot is not known by that: where the clock was set back over a reboot, files of
 * other counters fall behind each other. What was handed over from memory is known by its time: while journald keeps its
 * journal there it keeps none elsewhere. A copy's number says nothing (see {@link SameEntry}).
 */
export class Repeats {
  readonly #boots = new Map<string, Newest>();
  #latest: Newest | undefined;

  has(file: object, stamp: EntryStamp): boolean {
    const newest = this.#newestOf(stamp);
    if (newest === undefined || newest.file === file || stamp.monotonicUs > newest.monotonicUs) return false;
    if (stamp.monotonicUs === newest.monotonicUs)
      return isSame(newest.stamp, stamp) || newest.others.some((other) => isSame(other, stamp));
    return newest.fromMemory.some(({ fromUs, toUs }) => fromUs <= stamp.monotonicUs && stamp.monotonicUs <= toUs);
  }

  /** An entry is handed over. @param isFromMemory its file is one that journald copies to disk */
  add(file: object, stamp: EntryStamp, isFromMemory: boolean): void {
    const newest = this.#newestOf(stamp) ?? this.#begin(file, stamp);
    newest.file = file;
    if (isFromMemory) note(newest.fromMemory, stamp);
    if (stamp.monotonicUs > newest.monotonicUs) {
      newest.monotonicUs = stamp.monotonicUs;
      newest.stamp = stamp;
      if (newest.others.length > 0) newest.others.length = 0;
    } else if (stamp.monotonicUs === newest.monotonicUs && stamp !== newest.stamp && newest.others.length < maxOthers) {
      newest.others.push(stamp);
    }
  }

  #newestOf({ bootId }: EntryStamp): Newest | undefined {
    if (this.#latest?.bootId === bootId) return this.#latest;
    const newest = this.#boots.get(bootId);
    if (newest !== undefined) this.#latest = newest;
    return newest;
  }

  #begin(file: object, stamp: EntryStamp): Newest {
    const { bootId, monotonicUs } = stamp;
    const [first] = this.#boots.keys();
    if (this.#boots.size >= maxBoots && first !== undefined) this.#boots.delete(first);
    this.#latest = { bootId, file, monotonicUs, stamp, others: [], fromMemory: [] };
    this.#boots.set(bootId, this.#latest);
    return this.#latest;
  }
}
