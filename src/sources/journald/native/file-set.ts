import { codeOf, type Logger, SourceError } from '#sdk';
import { deniedCodes } from '../folders.ts';
import type { NumberRange } from '../number-ranges.ts';
import type { JournalPosition } from '../position.ts';
import type { EntryStamp } from '../stamp.ts';
import { Boots, type FileBoot } from './boots.ts';
import { numbersAround } from './find-index.ts';
import type { JournalFolders, ListedFile } from './folders.ts';
import { type FileOptions, hasArchivedName, JournalFile } from './journal-file.ts';
import { atNumber, type Location } from './location.ts';
import { type Compare, type OrderedEntry, orderOf } from './order.ts';
import { DamageError } from './refusal.ts';
import { Repeats } from './repeats.ts';

const isSameInstant = (one: EntryStamp, other: EntryStamp): boolean =>
  one.bootId === other.bootId && one.monotonicUs === other.monotonicUs && one.realtimeUs === other.realtimeUs;

/** Entries of one microsecond in files of other counters, which a seek by time can't tell apart: some came before. */
const skipSameInstant = (file: JournalFile, before: OrderedEntry, compare: Compare<OrderedEntry>): void => {
  if (file.sequenceId === before.sequenceId) return;
  for (let entry = file.peek(); entry !== undefined; entry = file.peek()) {
    if (!isSameInstant(entry, before) || compare(entry, before) > 0) return;
    file.skip();
  }
};

/** The number from which on a counter's entries are to come: behind the last one before the location, or the first after it. */
const numberToCome = (
  known: readonly JournalFile[],
  found: readonly JournalFile[],
  location: Location,
): number | undefined => {
  const around = found.map((file) => numbersAround(file, location));
  const before = [...known.map((file) => file.numberBefore), ...around.map((each) => each.before)];
  const last = Math.max(...before.flatMap((number) => number ?? []));
  if (Number.isFinite(last)) return last + 1;
  const first = Math.min(...around.flatMap((each) => each.after ?? []));
  return Number.isFinite(first) ? first : undefined;
};

/** Where the entries of an open file come from. */
export interface FileOrigin {
  /** What was handed over of the journald that writes it. */
  readonly repeats: Repeats;
  readonly isVolatile: boolean;
}

/** Rotations may go on while folders are listed; so many in a row are somebody's mischief. */
const maxListings = 100;

/** Errors of opening a file that say nothing of the file: the next listing tells. */
const passingCodes: ReadonlySet<string | undefined> = new Set(['ENOENT', ...deniedCodes]);

/**
 * The open files of a journal. After {@link update} all are known that there are, whatever was renamed meanwhile: journald
 * renames a file before it makes the next one, so that once a listing brings nothing new, every file that came before one
 * that is known has been listed under the name it keeps.
 */
export class FileSet {
  readonly #folders: JournalFolders;
  readonly #options: FileOptions;
  readonly #logger: Logger;
  readonly #now: () => number;
  /** By identity; those that were read to their end are closed, and known until they are gone. */
  readonly #files = new Map<string, JournalFile>();
  /** Paths of known files that can't come to mean another one. */
  readonly #archived = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #repeats = new Map<string, Repeats>();
  readonly #open = new Map<JournalFile, FileOrigin>();
  readonly #boots = new Boots(() => this.#files.values());
  readonly #compareBoots: Compare<string> = (one, other) => this.#boots.compare(one, other);
  /** The order of entries, as of the files that are known. */
  readonly compare = orderOf(this.#compareBoots);

  /** @param now the wall clock, in milliseconds */
  constructor(folders: JournalFolders, options: FileOptions, logger: Logger, now: () => number) {
    this.#folders = folders;
    this.#options = options;
    this.#logger = logger;
    this.#now = now;
  }

  /** Those that are open. */
  get files(): readonly JournalFile[] {
    return [...this.#open.keys()];
  }

  /** Where the entries of one that is open come from. */
  originOf(file: JournalFile): FileOrigin {
    const origin = this.#open.get(file);
    if (origin === undefined) throw new RangeError(`${file.path} is not open`);
    return origin;
  }

  /** Looks how far files have grown. */
  refresh(): void {
    for (const file of this.#open.keys()) file.refresh();
    this.#boots.forget();
  }

  hasChanged(): boolean {
    return this.#folders.hasChanged();
  }

  /**
   * Opens what is new, at a location, and closes what is gone.
   *
   * @param before the entry that was handed over last, if any
   * @throws {UnsupportedFileError} when a file is in a format that this reader doesn't know.
   */
  async update(location: Location, before: OrderedEntry | undefined): Promise<void> {
    const found: JournalFile[] = [];
    for (let listing = 0; listing < maxListings; listing += 1) {
      const listed = await this.#folders.list(this.#now());
      const knownBefore = this.#files.size;
      found.push(...listed.flatMap((each) => this.#look(each) ?? []));
      if (this.#files.size > knownBefore) continue;
      this.#forgetUnlisted(new Set(listed.map(({ path }) => path)));
      this.#boots.forget();
      const open = found.filter((file) => this.#open.has(file));
      this.#seek(open, location);
      if (before !== undefined) for (const file of open) skipSameInstant(file, before, this.compare);
      return;
    }
    throw new SourceError('broken', 'journal files come faster than they can be listed');
  }

  /** Adds those numbers of a range that entries have in any of the files, those that were read to their end too. */
  addNumbers(range: NumberRange, isOne: (entry: JournalPosition) => boolean, found: Set<number>): void {
    for (const known of this.#files.values()) {
      if (!known.mayNumber(range)) continue;
      const file = known.isOpen ? known : this.#tryOpen(known.path);
      file?.addNumbers(range, isOne, found);
      if (file !== known) file?.close();
    }
  }

  /** Closes those that were read to their end. */
  closeFinished(): void {
    for (const file of this.#open.keys()) {
      if (!file.isFinished) continue;
      file.finish();
      this.#open.delete(file);
    }
  }

  close(): void {
    for (const file of this.#open.keys()) this.#close(file);
  }

  /** @returns the file where it was not known before; its place in it is not looked for yet. */
  #look({ path, writer, isVolatile }: ListedFile): JournalFile | undefined {
    if (this.#archived.has(path)) return undefined;
    const opened = this.#tryOpen(path);
    if (opened === undefined) return undefined;
    const known = this.#files.get(opened.identity);
    if (hasArchivedName(path)) this.#archived.add(path);
    if (known !== undefined) {
      known.renamed(path);
      opened.close();
      return undefined;
    }
    this.#files.set(opened.identity, opened);
    this.#open.set(opened, { repeats: this.#repeatsOf(writer), isVolatile });
    return opened;
  }

  /** A counter's files are all sought by its number, where its entries in the location's boot or what was read tell it. */
  #seek(found: readonly JournalFile[], location: Location): void {
    const known = [...this.#open.keys()].filter((file) => !found.includes(file));
    for (const [counter, files] of Map.groupBy(found, ({ sequenceId }) => sequenceId)) {
      const own = known.filter(({ sequenceId }) => sequenceId === counter);
      const number = counter === location.sequenceId ? location.sequence : numberToCome(own, files, location);
      for (const file of files) {
        file.seek(number === undefined ? location : atNumber(counter, number), this.#compareBoots);
        if (number !== undefined) this.#seekReused(file, number, location);
      }
    }
  }

  /** A power loss sets numbers back: a boot that began after the location is to come, also where its numbers are lower. */
  #seekReused(file: JournalFile, number: number, { bootId = '', realtimeUs = 0 }: Location): void {
    const began = this.#boots.firstNumber(bootId, file.sequenceId) ?? number;
    const isReused = (boot: FileBoot): boolean =>
      boot.bootId !== bootId && boot.realtimeUs > realtimeUs && boot.sequence > began && boot.sequence < number;
    const reused = file.boots.find(isReused);
    if (reused !== undefined) file.seek(atNumber(file.sequenceId, reused.sequence));
  }

  #repeatsOf(writer: string): Repeats {
    const known = this.#repeats.get(writer);
    if (known !== undefined) return known;
    const made = new Repeats();
    this.#repeats.set(writer, made);
    return made;
  }

  #tryOpen(path: string): JournalFile | undefined {
    try {
      return JournalFile.open(path, this.#options);
    } catch (error) {
      if (error instanceof DamageError) this.#refuse(path, error.message);
      else if (!passingCodes.has(codeOf(error))) throw error;
      return undefined;
    }
  }

  #refuse(path: string, reason: string): void {
    if (this.#refused.has(path)) return;
    this.#refused.add(path);
    this.#logger.warn({ path, reason }, `a journal file can't be read: ${path}: ${reason}, ignoring file`);
  }

  #forgetUnlisted(listed: ReadonlySet<string>): void {
    for (const path of this.#refused) if (!listed.has(path)) this.#refused.delete(path);
    for (const path of this.#archived) if (!listed.has(path)) this.#archived.delete(path);
    for (const [identity, file] of this.#files) {
      if (listed.has(file.path)) continue;
      // Its space is journald's again, which frees it at once, so that there is nothing left to read.
      this.#close(file);
      this.#files.delete(identity);
    }
  }

  #close(file: JournalFile): void {
    file.close();
    this.#open.delete(file);
  }
}
