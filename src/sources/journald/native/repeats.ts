import type { EntryStamp } from '../stamp.ts';

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
}

/** A machine's boots at a time; beyond, the one that was met first is forgotten. */
const maxBoots = 1024;
/** Entries written in one go share their time; of more than these, copies may be taken for others. */
const maxOthers = 1023;

/** Numbers may differ: they are the file's. */
const isSame = (one: EntryStamp, other: EntryStamp): boolean =>
  one.hashLow === other.hashLow && one.hashHigh === other.hashHigh && one.realtimeUs === other.realtimeUs;

/**
 * Knows an entry that was handed over from another file: journald copies its journal from memory to disk, and people copy
 * files. For the files of one journald, which writes entry after entry, so that of one boot none is older than the last.
 */
export class Repeats {
  readonly #boots = new Map<string, Newest>();
  #latest: Newest | undefined;

  has(file: object, stamp: EntryStamp): boolean {
    const newest = this.#newestOf(stamp);
    if (newest === undefined || newest.file === file) return false;
    if (stamp.monotonicUs !== newest.monotonicUs) return stamp.monotonicUs < newest.monotonicUs;
    return isSame(newest.stamp, stamp) || newest.others.some((other) => isSame(other, stamp));
  }

  /** An entry is handed over. */
  add(file: object, stamp: EntryStamp): void {
    const newest = this.#newestOf(stamp);
    if (newest === undefined) return this.#begin(file, stamp);
    newest.file = file;
    if (stamp.monotonicUs > newest.monotonicUs) {
      newest.monotonicUs = stamp.monotonicUs;
      newest.stamp = stamp;
      if (newest.others.length > 0) newest.others.length = 0;
    } else if (stamp.monotonicUs === newest.monotonicUs && newest.others.length < maxOthers) newest.others.push(stamp);
  }

  #newestOf({ bootId }: EntryStamp): Newest | undefined {
    if (this.#latest?.bootId === bootId) return this.#latest;
    const newest = this.#boots.get(bootId);
    if (newest !== undefined) this.#latest = newest;
    return newest;
  }

  #begin(file: object, stamp: EntryStamp): void {
    const { bootId, monotonicUs } = stamp;
    const [first] = this.#boots.keys();
    if (this.#boots.size >= maxBoots && first !== undefined) this.#boots.delete(first);
    this.#latest = { bootId, file, monotonicUs, stamp, others: [] };
    this.#boots.set(bootId, this.#latest);
  }
}
