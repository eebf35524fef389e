import type { Clock, Logger } from '#sdk';
import { FieldNames } from '../field-names.ts';
import type { JournalRecord } from '../journal-record.ts';
import type { NumberRange } from '../number-ranges.ts';
import type { JournalPosition } from '../position.ts';
import type { JournalPlace } from '../reading.ts';
import type { EntryStamp } from '../stamp.ts';
import { FileSet } from './file-set.ts';
import { JournalFolders } from './folders.ts';
import type { JournalFile } from './journal-file.ts';
import type { Location } from './location.ts';
import { Merge } from './merge.ts';

export interface MergeOptions {
  readonly place: JournalPlace;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined: all. */
  readonly fields: readonly string[] | undefined;
  readonly maxMessageBytes: number;
}

/** Some records in order, with what could not be read before the first of them. */
export interface Batch {
  readonly records: readonly JournalRecord[];
  readonly lostBefore: number;
}

interface NextRecord {
  readonly record: JournalRecord;
  /** Entries before it that could not be read. */
  readonly lost: number;
}

/** Batches this small keep the event loop responsive, and cost next to nothing. */
const maxBatchRecords = 256;
const maxBatchBytes = 1024 * 1024;
/** Smaller ones where reading is slow, as while the code is new to the engine. */
const maxBatchMs = 2;
/** The clock is asked once for so many records. */
const askEvery = 8;
/** Numbers that are looked up at a time; of more, none is found. */
const maxLookedUp = 10_000;
/** Complaints about files; beyond, what is wrong with one more is not news. */
const maxComplaints = 100;

/** All files of a journal as one stream of records that grows. */
export class JournalMerge {
  readonly #set: FileSet;
  readonly #merge = new Merge<JournalFile>();
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #complaints = new Set<string>();
  readonly #start: Location;
  readonly #before: JournalPosition | undefined;
  /** The entry that was read last. */
  #last: JournalPosition | undefined;
  /** What was lost before it has to be told first. */
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
    for (const file of this.#set.files) {
      file.refresh();
      file.settle();
    }
    const location = this.#last ?? this.#start;
    if (this.#set.hasChanged()) await this.#set.update(location, this.#last ?? this.#before);
    for (const file of this.#set.files) file.refresh();
    this.#set.closeFinished();
    this.#merge.reset(this.#set.files);
  }

  /** The next records; none before the next look. */
  read(): Batch {
    const records: JournalRecord[] = [];
    let lostBefore = 0;
    let bytes = 0;
    const untilMs = this.#clock.monotonic() + maxBatchMs;
    while (records.length < maxBatchRecords && bytes < maxBatchBytes) {
      if (records.length % askEvery === askEvery - 1 && this.#clock.monotonic() > untilMs) break;
      const next = this.#takePending() ?? this.#next();
      if (next === undefined) break;
      if (next.lost > 0 && records.length > 0) {
        this.#pending = next;
        break;
      }
      lostBefore += next.lost;
      records.push(next.record);
      bytes += next.record.bytes;
    }
    return { records, lostBefore };
  }

  /** See {@link CountHeld}. */
  countNumbered(range: NumberRange, isOne: (stamp: EntryStamp) => boolean): number {
    const found = new Set<number>();
    if (range.to - range.from < maxLookedUp) this.#set.addNumbers(range, isOne, found);
    return found.size;
  }

  /** Those that are open. */
  get files(): readonly JournalFile[] {
    return this.#set.files;
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

  #next(): NextRecord | undefined {
    for (let file = this.#merge.next(); file !== undefined; file = this.#merge.next()) {
      const record = this.#take(file);
      if (record === undefined) continue;
      const lost = this.#lostBefore(file, record.position);
      this.#last = record.position;
      return { record, lost };
    }
    return undefined;
  }

  #take(file: JournalFile): JournalRecord | undefined {
    const position = file.peek();
    if (position === undefined) return undefined;
    const { repeats, isVolatile } = this.#set.originOf(file);
    if (repeats.has(file, position)) {
      file.skip();
      return undefined;
    }
    repeats.add(file, position, isVolatile);
    return file.take();
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
