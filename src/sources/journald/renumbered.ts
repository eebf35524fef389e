import type { JournalPosition } from './position.ts';

/** What was read of one counter. */
interface Counter {
  readonly sequenceId: string;
  newest: JournalPosition;
  /** All others of its microsecond; few have any. */
  readonly others: JournalPosition[];
  /** The entry that was asked for last is a copy. */
  isCopying: boolean;
}

/** Counters of which the newest entry is known; of more, the one that was met first is forgotten. */
const maxCounters = 1024;
/** Entries written in one go share their time; of more than these, copies are taken for others. */
const maxOthers = 1023;

/**
 * Knows the copies that systemd 254 and 255 make of what was in memory when they begin to write to disk: the entries have
 * further numbers of the same counter, so that journalctl prints them once more (mended in 256 by 3c85d3fda5). A later number
 * of an earlier time of one boot is nothing else: journald numbers entries as they come.
 */
export class Renumbered {
  readonly #counters = new Map<string, Counter>();
  #latest: Counter | undefined;

  /** Asked for each entry in the order that journalctl gives. */
  has(position: JournalPosition): boolean {
    const counter = this.#counterOf(position);
    const { newest, others } = counter;
    const elapsedUs = position.monotonicUs - newest.monotonicUs;
    counter.isCopying = elapsedUs <= 0 && isCopy(position, counter);
    if (counter.isCopying) return true;
    if (elapsedUs !== 0) others.length = 0;
    else if (newest !== position && others.length < maxOthers) others.push(newest);
    counter.newest = position;
    return false;
  }

  #counterOf(position: JournalPosition): Counter {
    const { sequenceId } = position;
    if (this.#latest?.sequenceId === sequenceId) return this.#latest;
    const counter = this.#counters.get(sequenceId) ?? this.#begin(position);
    this.#latest = counter;
    return counter;
  }

  #begin(position: JournalPosition): Counter {
    const [first] = this.#counters.keys();
    if (this.#counters.size >= maxCounters && first !== undefined) this.#counters.delete(first);
    const counter: Counter = { sequenceId: position.sequenceId, newest: position, others: [], isCopying: false };
    this.#counters.set(position.sequenceId, counter);
    return counter;
  }
}

/** Whether an entry stands behind another of its boot and counter by its number, and before it by its time. */
export const isRenumbered = (entry: JournalPosition, other: JournalPosition): boolean =>
  entry.sequence > other.sequence &&
  entry.monotonicUs < other.monotonicUs &&
  entry.bootId === other.bootId &&
  entry.sequenceId === other.sequenceId;

const isSame = (one: JournalPosition, other: JournalPosition): boolean =>
  one.monotonicUs === other.monotonicUs &&
  one.bootId === other.bootId &&
  one.hashLow === other.hashLow &&
  one.hashHigh === other.hashHigh;

/** In a row of copies, those of the newest microsecond are known by their hash; elsewhere, equal lines are lines. */
const isCopy = (position: JournalPosition, { newest, others, isCopying }: Counter): boolean =>
  isRenumbered(position, newest) ||
  (isCopying && (isSame(position, newest) || others.some((other) => isSame(position, other))));
