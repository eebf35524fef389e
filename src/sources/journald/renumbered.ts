import type { JournalRecord } from './journal-record.ts';
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

export interface RenumberedOptions {
  /** The host's machine id: what other tools write to journal files keeps no order. */
  readonly machineId: string;
  /** The entry that reading goes on after. */
  readonly after: JournalPosition | undefined;
  /** Called when a row of copies has ended. */
  readonly onCopies: (count: number) => void;
}

/**
 * Knows the copies that systemd 254 and 255 make of what was in memory when they begin to write to disk: the entries have
 * further numbers of the same counter, so that journalctl prints them once more (mended in 256 by 3c85d3fda5). A later number
 * of an earlier time of one boot is nothing else in what a host's own journald writes: it numbers entries as they come.
 */
export class Renumbered {
  readonly #options: RenumberedOptions;
  readonly #counters = new Map<string, Counter>();
  #latest: Counter | undefined;
  #copies = 0;

  constructor(options: RenumberedOptions) {
    this.#options = options;
    if (options.after !== undefined) this.#latest = this.#begin(options.after);
  }

  /** Asked for each record in the order that journalctl gives. */
  has(record: JournalRecord): boolean {
    const { position } = record;
    const counter = this.#counterOf(position);
    const { newest, others } = counter;
    const elapsedUs = position.monotonicUs - newest.monotonicUs;
    counter.isCopying = elapsedUs <= 0 && isCopy(position, counter) && this.#isOwn(record);
    if (counter.isCopying) this.#copies += 1;
    else if (this.#copies > 0) this.#endRow();
    if (counter.isCopying) return true;
    if (elapsedUs !== 0) others.length = 0;
    else if (newest !== position && others.length < maxOthers) others.push(newest);
    counter.newest = position;
    return false;
  }

  #isOwn({ fields }: JournalRecord): boolean {
    return fields.get('_MACHINE_ID') === this.#options.machineId;
  }

  #endRow(): void {
    this.#options.onCopies(this.#copies);
    this.#copies = 0;
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
