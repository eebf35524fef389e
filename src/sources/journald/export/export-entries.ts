import { EntryBudget } from '../entry-budget.ts';
import { EntryFields, type SharedFields } from '../entry-fields.ts';
import type { FieldNames } from '../field-names.ts';
import { decodeValue, type FieldValue, maxFieldBytes } from '../field-value.ts';
import { freeValues, type JournalRecord, recordBytes, valueBytes } from '../journal-record.ts';
import type { JournalPosition } from '../position.ts';
import { BootWriters } from './boot-writers.ts';
import { CursorScanner } from './cursor-scanner.ts';
import { EntryPieces } from './entry-pieces.ts';
import { lineEnd, type Scan, type ScannedField, scanField } from './entry-scan.ts';
import { isCommon, type Writers } from './writers.ts';

export interface ExportOptions {
  readonly names: FieldNames;
  readonly maxMessageBytes: number;
  /** Called with the size of what is no entry: notes of journalctl's, or damaged output. */
  readonly onStray: (bytes: number) => void;
  /** So much of an entry that is cut is kept as it is, until the rest of it comes; default {@link defaultRestBytes}. */
  readonly maxRestBytes?: number;
}

/** Of what a pipe holds, twice as much is copied at the most. */
const defaultRestBytes = 65_536;
const entryStart = '__CURSOR=';
const underscore = 0x5f;
/** Of entries that have more than is known of their writers, one of so many is looked at anew: most have an id of their own. */
const learnEvery = 16;
const bootStart = '_BOOT_ID=';
/** What tells writers apart, the first that an entry has. */
const writerNames = ['CONTAINER_ID_FULL', '_PID'] as const;
const writerStarts = writerNames.map((name) => `\n${name}=`);

/**
 * The entries in what `journalctl --output=export` prints, which comes in chunks that are cut anywhere. An entry that is whole
 * in a chunk is scanned in place, and of a writer that is known only what is the entry's own is decoded; one that is cut waits
 * for the rest of it, or, where that is much, is put together by {@link EntryPieces}.
 */
export class ExportEntries {
  readonly #options: ExportOptions;
  readonly #budget: EntryBudget;
  readonly #cursors = new CursorScanner();
  readonly #boots = new BootWriters();
  readonly #field: ScannedField = { start: 0, nameEnd: 0, valueStart: 0, valueEnd: 0, next: 0 };
  #pieces: EntryPieces | undefined;
  /** The beginning of an entry that is cut. */
  #rest: Buffer | undefined;
  #records: JournalRecord[] = [];
  /** Of the entry that is scanned: its own values, and those that it may have in common with others. */
  #own: FieldValue[] = [];
  #common: FieldValue[] = [];
  #droppedBytes = 0;
  /** Where the last of the common ones ends, while nothing of the entry's own came before it; otherwise -1. */
  #blockEnd = 0;
  /** Entries with more than what is known of their writers. */
  #unlike = 0;

  constructor(options: ExportOptions) {
    this.#options = options;
    this.#budget = new EntryBudget(options.maxMessageBytes);
  }

  /** The entries that end within `piece`. What an end of the stream cuts off is never one. */
  push(piece: Buffer): readonly JournalRecord[] {
    this.#records = [];
    const chunk = this.#rest === undefined ? piece : Buffer.concat([this.#rest, piece]);
    this.#rest = undefined;
    let at = this.#pieces === undefined ? 0 : this.#goOn(this.#pieces, chunk, 0);
    const text = at === -1 ? '' : chunk.toString('latin1');
    while (at !== -1 && at < chunk.length) at = this.#read(chunk, text, at);
    return this.#records;
  }

  /** @returns where the next entry begins; -1 where that is in another chunk. */
  #read(chunk: Buffer, text: string, at: number): number {
    if (chunk[at] === lineEnd) return at + 1;
    if (!text.startsWith(entryStart, at)) return this.#skipStray(chunk, text, at);
    return this.#scan(chunk, text, at);
  }

  #goOn(pieces: EntryPieces, chunk: Buffer, at: number): number {
    const next = pieces.push(chunk, at);
    this.#pieces = next === -1 ? pieces : undefined;
    if (next !== -1) this.#finish(pieces);
    return next;
  }

  #finish({ cursor = '', values, droppedBytes, bytes }: EntryPieces): void {
    const position = this.#cursors.at(cursor, 0, cursor.length);
    if (position === undefined) return this.#options.onStray(bytes);
    const common = values.filter(({ name }) => isCommon(name));
    const own = values.filter(({ name }) => !isCommon(name));
    const writers = this.#boots.of(position.bootId);
    const { shared, isKnown } = writers.meet(keyOf(common), common, droppedBytes, undefined);
    this.#add(position, shared, own, 0, isKnown ? 0 : common.length);
  }

  /** A line of which the end is in another chunk is passed over as an entry that is none. */
  #skipStray(chunk: Buffer, text: string, at: number): number {
    const end = text.indexOf('\n', at);
    if (end === -1) return this.#wait(chunk, at);
    this.#options.onStray(end + 1 - at);
    return end + 1;
  }

  /** @returns where the next entry begins; -1 where that is in another chunk. */
  #scan(chunk: Buffer, text: string, at: number): number {
    const cursorAt = at + entryStart.length;
    const cursorEnd = text.indexOf('\n', cursorAt);
    // Bytes that are no printable line may hold an empty line; to look up the writer, that will do for an end.
    const end = cursorEnd === -1 ? -1 : text.indexOf('\n\n', cursorEnd);
    if (end === -1) return this.#wait(chunk, at);
    const position = this.#cursors.at(text, cursorAt, cursorEnd);
    if (position === undefined) return this.#passDamage(chunk, text, at);
    const fieldsAt = passAddress(text, cursorEnd + 1);
    const key = keyIn(text.slice(fieldsAt - 1, end));
    const writers = this.#boots.of(position.bootId);
    const known = writers.find(key, chunk, fieldsAt);
    let scan = this.#scanFields(chunk, text, known?.end ?? fieldsAt, known !== undefined);
    if (known !== undefined && scan === 'ended' && !this.#isToBeLearnt()) {
      this.#add(position, known.shared, this.#own, this.#droppedBytes, 0);
      return this.#field.next;
    }
    if (known !== undefined && scan === 'ended') scan = this.#scanFields(chunk, text, fieldsAt, false);
    if (scan === 'ended') this.#addUnknown(position, writers, key, chunk, fieldsAt);
    return this.#pass(scan, chunk, text, at);
  }

  /** @returns where the next entry begins, after one that was scanned. */
  #pass(scan: Scan, chunk: Buffer, text: string, at: number): number {
    const { start, next } = this.#field;
    switch (scan) {
      case 'cut':
        return this.#wait(chunk, at);
      case 'damaged':
        return this.#passDamage(chunk, text, at);
      case 'begun':
        this.#options.onStray(start - at);
        return start;
      case 'field':
      case 'ended':
        return next;
    }
  }

  /** More than a line of its own behind what is known of the writer: may be that others have that, too. */
  #isToBeLearnt(): boolean {
    if (!this.#own.some(({ name }) => isCommon(name))) return false;
    this.#unlike += 1;
    return this.#unlike % learnEvery === 0;
  }

  #addUnknown(position: JournalPosition, writers: Writers, key: string, chunk: Buffer, fieldsAt: number): void {
    const block = this.#blockEnd > 0 ? chunk.subarray(fieldsAt, this.#blockEnd) : undefined;
    const { shared, isKnown } = writers.meet(key, this.#common, this.#droppedBytes, block);
    this.#add(position, shared, this.#own, 0, isKnown ? 0 : this.#common.length);
  }

  #begin(): void {
    this.#budget.reset();
    this.#own = [];
    this.#common = [];
    this.#droppedBytes = 0;
    this.#blockEnd = 0;
  }

  /** Decodes fields up to the end of the entry, which is where `next` of the last one is then. */
  #scanFields(chunk: Buffer, text: string, from: number, areOwn: boolean): Scan {
    const field = this.#field;
    this.#begin();
    field.next = from;
    for (;;) {
      const at = field.next;
      const scan = scanField(chunk, text, at, field);
      if (scan === 'ended') field.next = at + 1;
      if (scan !== 'field') return scan;
      // An entry that journalctl could not finish is followed by the next one without a line between them.
      if (text.startsWith(entryStart, at)) return 'begun';
      this.#take(chunk, areOwn);
    }
  }

  #take(chunk: Buffer, isOwn: boolean): void {
    const { start, nameEnd, valueStart, valueEnd, next } = this.#field;
    const { name, use } = this.#options.names.at(chunk, start, nameEnd);
    if (use !== 'wanted' || name.startsWith('__')) return;
    const maxBytes = name === 'MESSAGE' ? this.#options.maxMessageBytes : maxFieldBytes;
    const value = decodeValue(name, chunk, valueStart, valueEnd, valueEnd - valueStart, maxBytes);
    if (!this.#budget.take(value)) {
      this.#droppedBytes += value.bytes;
      return;
    }
    if (isOwn || !isCommon(name)) {
      this.#own.push(value);
      return;
    }
    this.#common.push(value);
    this.#blockEnd = this.#own.length === 0 && this.#blockEnd !== -1 ? next : -1;
  }

  /** @param newValues values that no other entry is known to have. */
  #add(
    position: JournalPosition,
    shared: SharedFields,
    own: readonly FieldValue[],
    droppedBytes: number,
    newValues: number,
  ): void {
    let bytes = recordBytes + shared.bytes + (newValues + Math.max(0, own.length - freeValues)) * valueBytes;
    let truncatedBytes = shared.droppedBytes + droppedBytes;
    for (const value of own) {
      bytes += value.bytes - value.droppedBytes;
      truncatedBytes += value.droppedBytes;
    }
    this.#records.push({ position, fields: new EntryFields(position, shared, own), bytes, truncatedBytes });
  }

  /** Goes on with the next entry that begins in the chunk. */
  #passDamage(chunk: Buffer, text: string, at: number): number {
    const next = text.indexOf(`\n${entryStart}`, at) + 1;
    if (next === 0) return this.#takeApart(chunk, at);
    this.#options.onStray(next - at);
    return next;
  }

  #wait(chunk: Buffer, at: number): number {
    const { maxRestBytes = defaultRestBytes } = this.#options;
    if (chunk.length - at > maxRestBytes) return this.#takeApart(chunk, at);
    // A copy: the chunk's memory is another's soon.
    this.#rest = Buffer.from(chunk.subarray(at));
    return -1;
  }

  #takeApart(chunk: Buffer, at: number): number {
    return this.#goOn(new EntryPieces(this.#options.names, this.#options.maxMessageBytes), chunk, at);
  }
}

/** Behind the lines that say where an entry stands, as its cursor does. */
const passAddress = (text: string, from: number): number => {
  let at = from;
  while (text.charCodeAt(at) === underscore && text.charCodeAt(at + 1) === underscore) {
    if (text.startsWith(entryStart, at)) return at;
    at = text.indexOf('\n', at) + 1;
  }
  return text.startsWith(bootStart, at) ? text.indexOf('\n', at) + 1 : at;
};

/** What the writer of an entry is looked up by. Wrong ones cost time, no more. */
const keyIn = (entry: string): string => {
  for (const start of writerStarts) {
    const at = entry.indexOf(start);
    if (at !== -1) return entry.slice(at + start.length, entry.indexOf('\n', at + start.length) >>> 0);
  }
  return '';
};

/** The same of decoded values. */
const keyOf = (values: readonly FieldValue[]): string => {
  for (const wanted of writerNames) {
    const value = values.find(({ name }) => name === wanted);
    if (value !== undefined) return value.text;
  }
  return '';
};
