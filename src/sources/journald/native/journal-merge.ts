import type { Clock, Logger } from '#sdk';
import { FieldNames } from '../field-names.ts';
import type { JournalRecord } from '../journal-record.ts';
import type { NumberRange } from '../number-ranges.ts';
import type { JournalPosition } from '../position.ts';
import type { JournalPlace } from '../reading.ts';
import { isRenumbered } from '../renumbered.ts';
import { FileSet } from './file-set.ts';
import { JournalFolders } from './folders.ts';
import type { JournalFile } from './journal-file.ts';
import type { Location } from './location.ts';
import { Merge } from './merge.ts';
import type { Compare, OrderedEntry } from './order.ts';

export interface MergeOptions {
  readonly place: JournalPlace;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined: all. */
  readonly fields: readonly string[] | undefined;
  readonly maxMessageBytes: number;
}

/** What is to be known before a record is told. */
interface Prelude {
  /** Entries that could not be read. */
  readonly lost: number;
  /** The last copy of an entry that was handed over, where it has a further number of the same counter. */
  readonly renumbered: JournalPosition | undefined;
}

/** Some records in order, with what is to be known before the first of them. */
export interface Batch {
  readonly records: readonly JournalRecord[];
  readonly prelude: Prelude;
  /** There are no more before the next look. */
  readonly isLast: boolean;
}

interface NextRecord {
  readonly record: JournalRecord;
  readonly prelude: Prelude;
}

const nothing: Prelude = { lost: 0, renumbered: undefined };

/** Batches this small keep the event loop responsive, and cost next to nothing. */
const maxBatchRecords = 256;
const maxBatchBytes = 1024 * 1024;
/** Smaller ones where reading is slow, as while the code is new to the engine. */
const maxBatchMs = 2;
/** Copies that are passed over at a time; each takes a microsecond or two. */
const maxPassed = 1024;
/** The clock is asked once for so many records. */
const askEvery = 8;
/** Numbers that are looked up at a time; of more, none is found. */
const maxLookedUp = 10_000;
/** Complaints about files; beyond, what is wrong with one more is not news. */
const maxComplaints = 100;

/** All files of a journal as one stream of records that grows. */
export class JournalMerge {
  readonly #set: FileSet;
  readonly #merge: Merge<JournalFile>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #complaints = new Set<string>();
  readonly #start: Location;
  readonly #before: JournalPosition | undefined;
  /** The entry that was read last. */
  #last: JournalPosition | undefined;
  /** The last copy since then that has a further number of its counter. */
  #renumbered: JournalPosition | undefined;
  /** What is before it has to be told first. */
  #pending: NextRecord | undefined;
  #isClosed = false;

  /**
   * @param start where reading begins
   * @param before the entry that was handed over last, if any
   */
  constructor(options: MergeOptions, start: Location, before: JournalPosition | undefined) {
    const { place, clock, logger, fields, maxMessageBytes } = options;
    const onDamage = (path: string, reason: string): void => this.#complain(path, reason);
    const fileOptions = { names: new FieldNames(fields), maxMessageBytes, onDamage };
    this.#set = new FileSet(new JournalFolders(place), fileOptions, logger, () => clock.now());
    this.#merge = new Merge(this.#set.compare);
    this.#clock = clock;
    this.#logger = logger;
    this.#start = start;
    this.#before = before;
  }

  /**
   * Looks how far files have grown, and which have come or gone. What was linked at the first glance may be handed over
   * after the second: what comes before it in another file was linked earlier still.
   *
   * @throws {UnsupportedFileError} when a file is in a format that this reader doesn't know.
   */
  async look(): Promise<void> {
    this.#set.refresh();
    for (const file of this.#set.files) file.settle();
    const location = this.#last ?? this.#start;
    // What was handed over of a microsecond is known from then on, whatever its order in another file.
    const before = this.#last === undefined ? this.#before : undefined;
    if (this.#set.hasChanged()) await this.#set.update(location, before);
    this.#set.refresh();
    this.#set.closeFinished();
    this.#merge.reset(this.#set.files);
  }

  /** The next records. */
  read(): Batch {
    const records: JournalRecord[] = [];
    let prelude = nothing;
    let bytes = 0;
    const untilMs = this.#clock.monotonic() + maxBatchMs;
    while (records.length < maxBatchRecords && bytes < maxBatchBytes) {
      if (records.length % askEvery === askEvery - 1 && this.#clock.monotonic() > untilMs) break;
      const next = this.#takePending() ?? this.#next();
      if (next === undefined) return { records, prelude, isLast: true };
      if (next === 'copies') break;
      if (next.prelude !== nothing && records.length > 0) {
        this.#pending = next;
        break;
      }
      if (records.length === 0) prelude = next.prelude;
      records.push(next.record);
      bytes += next.record.bytes;
    }
    return { records, prelude, isLast: false };
  }

  /** See {@link CountHeld}. */
  countNumbered(range: NumberRange, isOne: (entry: JournalPosition) => boolean): number {
    const found = new Set<number>();
    if (range.to - range.from < maxLookedUp) this.#set.addNumbers(range, isOne, found);
    return found.size;
  }

  /** Those that are open. */
  get files(): readonly JournalFile[] {
    return this.#set.files;
  }

  /** The order of their entries. */
  get compare(): Compare<OrderedEntry> {
    return this.#set.compare;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** May be called twice. */
  close(): void {
    this.#isClosed = true;
    this.#set.close();
  }

  #takePending(): NextRecord | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  /** The next record, if any; or a row of copies was passed over that is long enough for one turn. */
  #next(): NextRecord | 'copies' | undefined {
    for (let passed = 0; passed < maxPassed; passed += 1) {
      const file = this.#merge.next();
      if (file === undefined) return undefined;
      const record = this.#take(file);
      if (record === undefined) continue;
      const prelude = this.#preludeTo(file, record.position);
      this.#last = record.position;
      return { record, prelude };
    }
    return 'copies';
  }

  #take(file: JournalFile): JournalRecord | undefined {
    const position = file.peek();
    if (position === undefined) return undefined;
    const { repeats, isVolatile } = this.#set.originOf(file);
    if (repeats.has(file, position)) {
      if (this.#isRenumbered(position)) this.#renumbered = position;
      file.skip();
      return undefined;
    }
    repeats.add(file, position, isVolatile);
    return file.take();
  }

  /** A copy is; and so are those of the newest microsecond that follow it. */
  #isRenumbered(copy: JournalPosition): boolean {
    if (this.#renumbered?.sequenceId === copy.sequenceId) return true;
    return this.#last !== undefined && isRenumbered(copy, this.#last);
  }

  #preludeTo(file: JournalFile, position: JournalPosition): Prelude {
    const lost = this.#lostBefore(file, position);
    const renumbered = this.#renumbered;
    this.#renumbered = undefined;
    return lost === 0 && renumbered === undefined ? nothing : { lost, renumbered };
  }

  /** Entries that could not be read before one of the same file, as far as numbers do not say that they came since. */
  #lostBefore(file: JournalFile, { sequenceId, sequence }: JournalPosition): number {
    const lost = file.takeLost();
    const last = this.#last ?? this.#before;
    if (lost === 0 || last?.sequenceId !== sequenceId) return lost;
    return Math.min(lost, Math.max(0, sequence - last.sequence - 1));
  }

  #complain(path: string, reason: string): void {
    if (this.#complaints.has(path) || this.#complaints.size >= maxComplaints) return;
    this.#complaints.add(path);
    this.#logger.error({ path, reason }, 'stepping past a journal entry that cannot be read');
  }
}
