import type { EntryStamp } from '../stamp.ts';

/** The newest entries that were handed over of one boot. */
interface Newest {
  readonly bootId: string;
  /** The file that they came from last. */
  file: object;
  monotonicUs: number;
  /** All that were handed over of that microsecond. */
  readonly stamps: EntryStamp[];
}

/** A machine's boots at a time; beyond, the one that was met first is forgotten. */
const maxBoots = 1024;
/** Entries written in one go share their time; of more than these, copies may be taken for others. */
const maxStamps = 1024;

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
    return newest.stamps.some((other) => isSame(other, stamp));
  }

  /** An entry is handed over. */
  add(file: object, stamp: EntryStamp): void {
    const newest = this.#newestOf(stamp) ?? this.#begin(file, stamp);
    newest.file = file;
    if (stamp.monotonicUs > newest.monotonicUs) {
      newest.monotonicUs = stamp.monotonicUs;
      newest.stamps.length = 0;
    }
    if (stamp.monotonicUs === newest.monotonicUs && newest.stamps.length < maxStamps) newest.stamps.push(stamp);
  }

  #newestOf({ bootId }: EntryStamp): Newest | undefined {
    if (this.#latest?.bootId === bootId) return this.#latest;
    const newest = this.#boots.get(bootId);
    if (newest !== undefined) this.#latest = newest;
    return newest;
  }

  #begin(file: object, { bootId, monotonicUs }: EntryStamp): Newest {
    const [first] = this.#boots.keys();
    if (this.#boots.size >= maxBoots && first !== undefined) this.#boots.delete(first);
    this.#latest = { bootId, file, monotonicUs, stamps: [] };
    this.#boots.set(bootId, this.#latest);
    return this.#latest;
  }
}
