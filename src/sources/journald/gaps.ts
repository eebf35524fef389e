import { CommonFacts } from '../../event/common-facts.ts';
import type { JournalRecord } from './journal-record.ts';
import type { JournalPosition } from './position.ts';

/** What numbers an entry. */
export interface NumberedEntry {
  readonly sequenceId: string;
  readonly sequence: number;
}

/** Entries of one machine (and namespace) are numbered by one counter, whatever file they are in. */
interface Counter {
  /** What its files call it: up to systemd 253 each user's journal has a name of its own for the common counter. */
  readonly names: Set<string>;
  /** Names of counters that it took the place of. */
  readonly former: ReadonlySet<string>;
  last: number;
  lastName: string;
}

/** Hears what a tracker finds out about the numbers themselves. */
export interface GapObserver {
  /** Numbers run backwards from `position` on: a power loss or an older copy set the journal back. */
  rewound(position: JournalPosition): void;
  /** Entries of one machine are numbered by several counters in turn, so that nothing follows from a number. */
  foreign(): void;
}

/** A counter's names and the machines of one journal are few; beyond, gaps are not looked for. */
const maxNames = 256;
const maxCounters = 1024;
/** A counter that comes back this often takes turns with others; fewer may be what missing entries look like. */
const maxReturns = 3;

const newCounter = (name: string, last: number, former: readonly string[] = []): Counter => ({
  names: new Set([name]),
  former: new Set(former.slice(-maxNames)),
  last,
  lastName: name,
});

/**
 * Finds entries that are missing from the journal: numbers are consecutive, over rotation and reboots. A number that
 * runs backwards, or a name of which nothing was seen yet, proves nothing.
 */
export class GapTracker {
  readonly #counters = new Map<string, Counter>();
  /** The entry that reading goes on after; its machine is not known. */
  #origin: Counter | undefined;
  readonly #observer: GapObserver;
  #returns = 0;
  #isForeign = false;

  constructor(after: NumberedEntry | undefined, observer: GapObserver) {
    this.#observer = observer;
    if (after !== undefined) this.#origin = newCounter(after.sequenceId, after.sequence);
  }

  /** The entry that reading goes on after has another number now. */
  renumbered({ sequenceId, sequence }: NumberedEntry): void {
    for (const [key, { names }] of this.#counters) if (names.has(sequenceId)) this.#counters.delete(key);
    this.#origin = newCounter(sequenceId, sequence);
  }

  /** How many entries are missing right before `record`; notes nothing. */
  missingBefore(record: JournalRecord): number {
    if (this.#isForeign) return 0;
    const name = record.position.sequenceId;
    const counter = this.#counterOf(record) ?? this.#origin;
    if (counter?.names.has(name) !== true) return 0;
    return Math.max(0, record.position.sequence - counter.last - 1);
  }

  /** What files call the counter of `record`, as far as is known. */
  namesFor(record: JournalRecord): ReadonlySet<string> | undefined {
    return (this.#counterOf(record) ?? this.#origin)?.names;
  }

  /** Goes on to `record`. */
  advance(record: JournalRecord): void {
    if (this.#isForeign) return;
    const { sequenceId, sequence } = record.position;
    const counter = this.#counterOf(record) ?? this.#takeOrigin(record);
    if (counter !== undefined && (counter.names.has(sequenceId) || this.#isNext(counter, sequence))) {
      if (sequence <= counter.last) this.#goBack(counter, record.position);
      counter.names.add(sequenceId);
      counter.last = sequence;
      counter.lastName = sequenceId;
    } else this.#replace(counter, record);
  }

  /** Names of one counter never go back among each other: those that do have met by chance. */
  #goBack(counter: Counter, position: JournalPosition): void {
    this.#observer.rewound(position);
    if (position.sequenceId !== counter.lastName) this.#countReturn();
  }

  #countReturn(): void {
    this.#returns += 1;
    if (this.#returns >= maxReturns) this.#giveUp();
  }

  /** Nothing is claimed any more: with names that met by chance, every turn would look like a gap. */
  #giveUp(): void {
    this.#isForeign = true;
    this.#observer.foreign();
  }

  #replace(counter: Counter | undefined, record: JournalRecord): void {
    const { sequenceId, sequence } = record.position;
    const former = counter === undefined ? [] : [...counter.former, ...counter.names];
    if (counter === undefined && this.#counters.size >= maxCounters) this.#giveUp();
    else this.#counters.set(keyOf(record), newCounter(sequenceId, sequence, former));
    if (counter?.former.has(sequenceId) === true) this.#countReturn();
  }

  #isNext(counter: Counter, sequence: number): boolean {
    return sequence === counter.last + 1 && counter.names.size < maxNames;
  }

  #counterOf(record: JournalRecord): Counter | undefined {
    return this.#counters.get(keyOf(record));
  }

  #takeOrigin(record: JournalRecord): Counter | undefined {
    const origin = this.#origin;
    if (
      origin === undefined ||
      !(origin.names.has(record.position.sequenceId) || this.#isNext(origin, record.position.sequence))
    )
      return undefined;
    this.#origin = undefined;
    this.#counters.set(keyOf(record), origin);
    return origin;
  }
}

const keys = new CommonFacts((fields) => `${fields.get('_MACHINE_ID') ?? ''} ${fields.get('_NAMESPACE') ?? ''}`);

const keyOf = ({ fields }: JournalRecord): string => keys.of(fields);
