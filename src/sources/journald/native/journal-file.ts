import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { messageOf } from '#sdk';
import type { JournalRecord } from '../journal-record.ts';
import type { NumberRange } from '../number-ranges.ts';
import type { JournalPosition } from '../position.ts';
import type { BootedFile, FileBoot, Tail } from './boots.ts';
import type { DecodeOptions } from './data-objects.ts';
import { BootIds, entryHeaderBytes, entrySize, readPosition } from './entry.ts';
import { EntryDecoder, maxItems } from './entry-decoder.ts';
import { EntryOffsets } from './entry-offsets.ts';
import { bootsOf, type EntryIndex, findIndex } from './find-index.ts';
import { type FileHeader, headerBytes, parseHeader } from './header.ts';
import { atNumber, type Location } from './location.ts';
import { findMachineId } from './machine-id.ts';
import { type Compare, unknownBoots } from './order.ts';
import { DamageError } from './refusal.ts';
import { Window } from './window.ts';

/** Hears what of a file can't be read. */
export type OnDamage = (path: string, reason: string) => void;

export interface FileOptions extends DecodeOptions {
  readonly onDamage: OnDamage;
  /** How much of a file is held; default {@link defaultWindowBytes}. */
  readonly windowBytes?: number;
}

/** Larger ones cost memory and gain nothing (measured: 16 KiB to 8 MiB). */
const defaultWindowBytes = 256 * 1024;
const arrayWindowBytes = 16 * 1024;
/** Of an entry that can't be read while its file is written to; it may be that we are early. */
const looksBeforeGivingUp = 3;

/** Opens a file for reading without waiting, as a pipe of that name would have us do. */
const openFile = (path: string): number =>
  openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);

/** Tells a file that journald renamed from another one. */
const inodeOf = ({ dev, ino }: Stats): string => `${dev} ${ino}`;

const checkSize = ({ entries, entryArrayOffset }: FileHeader, bytes: number): void => {
  if (entries > 0 && entryArrayOffset >= bytes) throw new DamageError('it is truncated');
};

/** Of a damaged one, no more entries are believed than the file has room for. */
const readHeader = (descriptor: number): FileHeader => {
  const bytes = Buffer.from(new ArrayBuffer(headerBytes));
  try {
    const length = readSync(descriptor, bytes, 0, headerBytes, 0);
    const header = parseHeader(bytes.subarray(0, length));
    const maxEntries = Math.floor(fstatSync(descriptor).size / entryHeaderBytes);
    return header.entries <= maxEntries ? header : { ...header, entries: maxEntries };
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? new DamageError(messageOf(error)) : error;
  }
};

/** Archived files have an `@` in their names, whatever state they are in; no other file ever gets the same name. */
export const hasArchivedName = (path: string): boolean => basename(path).includes('@');

/** An open journal file and a place in it. */
export class JournalFile implements EntryIndex, BootedFile {
  #path: string;
  readonly #descriptor: number;
  readonly #inode: string;
  readonly #options: FileOptions;
  readonly #window: Window;
  readonly #offsets: EntryOffsets;
  readonly #decoder: EntryDecoder;
  readonly #bootIds = new BootIds();
  #header: FileHeader;
  #index = 0;
  #settled = 0;
  /** The next entry, once it was looked at. */
  #next: JournalPosition | undefined;
  #offset = 0;
  #size = 0;
  /** Of the entry before. */
  #lastOffset = 0;
  #lastEnd = 0;
  #looks = 0;
  #isOpen = true;
  #tail: Tail | undefined;
  /** How many entries there were when the newest one was looked at. */
  #tailEntries = 0;
  #boots: readonly FileBoot[] = [];
  /** The last boot when they were looked at. */
  #bootsTo: string | undefined;
  #lost = 0;
  /** The next entry is linked, but can't be read as yet: what comes after it in other files has to wait. */
  isBlocked = false;

  private constructor(path: string, descriptor: number, options: FileOptions) {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new DamageError('it is no file');
    const header = readHeader(descriptor);
    checkSize(header, stat.size);
    this.#inode = inodeOf(stat);
    this.#path = path;
    this.#descriptor = descriptor;
    this.#header = header;
    this.#options = options;
    this.#window = new Window(descriptor, options.windowBytes ?? defaultWindowBytes);
    this.#offsets = new EntryOffsets(new Window(descriptor, arrayWindowBytes), header.isCompact);
    this.#decoder = new EntryDecoder(this.#window, header.isCompact, options);
    this.#settled = header.entries;
  }

  /**
   * Opens a file at its first entry.
   *
   * @throws {UnsupportedFileError}, {@link DamageError}, or the system's error when it can't be opened.
   */
  static open(path: string, options: FileOptions): JournalFile {
    const descriptor = openFile(path);
    try {
      return new JournalFile(path, descriptor, options);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  get path(): string {
    return this.#path;
  }

  /** Which file it is, whatever its name: copies have the same id, and another inode. */
  get identity(): string {
    return `${this.#header.fileId} ${this.#inode}`;
  }

  get sequenceId(): string {
    return this.#header.sequenceId;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get tellsTailBoot(): boolean {
    return this.#header.tellsTailBoot;
  }

  get tail(): Tail | undefined {
    if (this.#tailEntries !== this.entries && this.#isOpen) {
      this.#tailEntries = this.entries;
      this.#tail = this.#readTail();
    }
    return this.#tail;
  }

  get boots(): readonly FileBoot[] {
    const bootId = this.tail?.bootId;
    if (bootId === this.#bootsTo || !this.#isOpen) return this.#boots;
    this.#bootsTo = bootId;
    if (!this.#boots.some((boot) => boot.bootId === bootId)) this.#boots = this.#findBoots();
    return this.#boots;
  }

  /** The number of the entry before the next one; undefined where the next one is the first. */
  get numberBefore(): number | undefined {
    return this.#index === 0 ? undefined : this.positionAt(this.#index - 1)?.sequence;
  }

  /** Whether any of these numbers may be those of its entries. */
  mayNumber({ from, to }: NumberRange): boolean {
    return this.#header.headSequence <= to && this.#header.tailSequence >= from;
  }

  get entries(): number {
    return this.#header.entries;
  }

  /** journald gave it another name. */
  renamed(path: string): void {
    this.#path = path;
  }

  /** Nothing will be added. */
  get isFinal(): boolean {
    return this.#header.isArchived || hasArchivedName(this.#path);
  }

  /** All was read, and nothing will be added. */
  get isFinished(): boolean {
    return this.isFinal && this.#index >= this.entries;
  }

  /** Whether the next entry was linked when {@link settle} was called last. */
  get isSettled(): boolean {
    return this.#index < this.#settled;
  }

  /** All that is linked now may be handed over once every other file has been looked at after this. */
  settle(): void {
    this.#settled = this.entries;
  }

  /** Looks how far the file has grown. */
  refresh(): void {
    this.isBlocked = false;
    if (this.#header.isArchived) return;
    try {
      const header = readHeader(this.#descriptor);
      const isSame = header.entries === this.entries && header.isArchived === this.#header.isArchived;
      this.#header = header;
      if (isSame) return;
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      this.#giveUp(error.message);
    }
    // It may hold what was not written yet when it was read.
    this.#window.drop();
    this.#offsets.forget();
  }

  /** The next entry; undefined where there is none that can be read now. */
  peek(): JournalPosition | undefined {
    while (this.#next === undefined && this.#index < this.entries && !this.isBlocked) this.#locate();
    return this.#next;
  }

  /** The record of the entry that {@link peek} gave, and goes on; undefined when its fields can't be read. */
  take(): JournalRecord | undefined {
    const position = this.#next;
    if (position === undefined) return undefined;
    try {
      return this.#decode(position);
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      return this.#decodeAgain(position);
    } finally {
      this.skip();
    }
  }

  /** Goes on without the entry that {@link peek} gave. */
  skip(): void {
    this.#lastOffset = this.#offset;
    this.#lastEnd = this.#offset + this.#size;
    this.#pass();
  }

  /** Goes to the first entry at a location or after it. */
  seek(location: Location, compareBoots: Compare<string> = unknownBoots): void {
    this.moveTo(findIndex(this, location, compareBoots));
  }

  /** Goes to an entry by its number within the file. */
  moveTo(index: number): void {
    this.#next = undefined;
    this.#index = index;
    this.#lastOffset = 0;
    this.#lastEnd = 0;
  }

  positionAt(index: number): JournalPosition | undefined {
    try {
      const offset = this.#offsets.at(index, this.#header.entryArrayOffset);
      const at = this.#window.reach(offset, entryHeaderBytes);
      entrySize(this.#window, at);
      return this.#readPosition(at);
    } catch (error) {
      if (error instanceof DamageError) return undefined;
      throw error;
    }
  }

  /** Adds those numbers of a range that entries of this file have. */
  addNumbers({ from, to }: NumberRange, isOne: (entry: JournalPosition) => boolean, found: Set<number>): void {
    const start = findIndex(this, atNumber(this.sequenceId, from), unknownBoots);
    for (let index = start; index < Math.min(this.entries, start + to - from + 1); index += 1) {
      const position = this.positionAt(index);
      const isInRange = position !== undefined && position.sequence >= from && position.sequence <= to;
      if (isInRange && isOne(position)) found.add(position.sequence);
    }
  }

  /** How many entries could not be read since this was asked last. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** Closes what was read to its end; its boots stay known. */
  finish(): void {
    void this.boots;
    this.close();
  }

  /** May be called twice. */
  close(): void {
    if (this.#isOpen) closeSync(this.#descriptor);
    this.#isOpen = false;
  }

  #pass(): void {
    this.#next = undefined;
    this.#index += 1;
    this.#looks = 0;
  }

  #locate(): void {
    const offset = this.#nextOffset();
    if (offset === undefined) return;
    try {
      if (offset <= this.#lastOffset) throw new DamageError('entries run backwards');
      const at = this.#reach(offset);
      this.#offset = offset;
      this.#size = entrySize(this.#window, at);
      this.#next = this.#readPosition(at);
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      this.#doubt(() => {
        this.#lose(1, error.message);
        this.#pass();
      });
    }
  }

  #nextOffset(): number | undefined {
    try {
      const offset = this.#offsets.at(this.#index, this.#header.entryArrayOffset);
      if (offset > 0) return offset;
      throw new DamageError('entries are missing from the list of them');
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      this.#doubt(() => this.#giveUp(error.message));
      return undefined;
    }
  }

  /** All of the entry is in the window then, and what was written with it, where that is possible. */
  #reach(offset: number): number {
    const from = this.#lastEnd === 0 ? offset : this.#lastEnd;
    const at = this.#window.reach(offset, entryHeaderBytes, from);
    const size = entrySize(this.#window, at);
    if (this.#itemsOf(size) > maxItems) throw new DamageError(`an entry can't have ${size} bytes`);
    return this.#window.reach(offset, size, from);
  }

  #itemsOf(size: number): number {
    return Math.floor((size - entryHeaderBytes) / (this.#header.isCompact ? 4 : 16));
  }

  #readPosition(at: number): JournalPosition {
    return readPosition(this.#window, at, this.sequenceId, this.#bootIds);
  }

  #decode(position: JournalPosition): JournalRecord {
    const at = this.#reach(this.#offset);
    // Without an entry before it, all is taken to be shared.
    const ownFrom = this.#lastOffset === 0 ? this.#offset : this.#lastOffset;
    const items = { word: (at + entryHeaderBytes) >>> 2, count: this.#itemsOf(this.#size), ownFrom };
    return this.#decoder.decode(position, items);
  }

  #findBoots(): readonly FileBoot[] {
    return [...bootsOf(this)].flatMap(({ bootId, start }) => {
      const first = this.positionAt(start);
      if (bootId === undefined || first === undefined) return [];
      return [{ bootId, sequence: first.sequence, realtimeUs: first.realtimeUs }];
    });
  }

  #readTail(): Tail | undefined {
    try {
      const offset = this.#offsets.at(this.entries - 1, this.#header.entryArrayOffset);
      const at = this.#reach(offset);
      const { bootId, monotonicUs, realtimeUs } = this.#readPosition(at);
      const items = { word: (at + entryHeaderBytes) >>> 2, count: this.#itemsOf(entrySize(this.#window, at)) };
      const own = findMachineId(this.#window, this.#header.isCompact, items);
      return { bootId, monotonicUs, realtimeUs, machineId: own ?? this.#header.machineId };
    } catch (error) {
      if (error instanceof DamageError) return undefined;
      throw error;
    }
  }

  /** The window may hold what was not written yet when it was read. */
  #decodeAgain(position: JournalPosition): JournalRecord | undefined {
    this.#window.drop();
    try {
      return this.#decode(position);
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      this.#lose(1, error.message);
      return undefined;
    }
  }

  #lose(entries: number, reason: string): void {
    this.#lost += entries;
    this.#complain(reason);
  }

  /** journald makes holes of a file that it removes: that is no damage. */
  #complain(reason: string): void {
    if (!this.#isGone()) this.#options.onDamage(this.#path, reason);
  }

  #isGone(): boolean {
    return fstatSync(this.#descriptor).nlink === 0;
  }

  /** What is wrong in a file that is written to may be right at the next look. */
  #doubt(giveUp: () => void): void {
    this.#window.drop();
    this.#offsets.forget();
    this.#looks += 1;
    if (this.#isGone()) this.#passAll();
    else if (this.isFinal || this.#looks >= looksBeforeGivingUp) giveUp();
    else this.isBlocked = true;
  }

  #passAll(): void {
    const most = fstatSync(this.#descriptor).size / entryHeaderBytes;
    this.#lost += Math.ceil(Math.min(most, Math.max(1, this.entries - this.#index)));
    this.#index = Math.max(this.#index, this.entries);
    this.#next = undefined;
  }

  /** The rest of the file can't be read. */
  #giveUp(reason: string): void {
    this.#passAll();
    this.#complain(reason);
  }
}
