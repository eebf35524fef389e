import { compareEntries, type OrderedEntry } from './order.ts';

/** A file as far as its place among others goes. */
export interface MergedFile {
  /** Whether its next entry may be handed over: all that comes before it in other files can be seen by now. */
  readonly isSettled: boolean;
  /** Its next entry can't be read as yet, and nothing behind it may be handed over. */
  readonly isBlocked: boolean;
  /** Its next entry. */
  peek(): OrderedEntry | undefined;
}

/**
 * Interleaves files. Files are mostly disjoint, or one of them is busy and the others are not, so that a file is read on
 * until the entry that another one waits with.
 */
export class Merge<File extends MergedFile> {
  #files: readonly File[] = [];
  #leader: File | undefined;
  /** The first entry of all other files. */
  #rival: OrderedEntry | undefined;

  /** Begins anew with these files, each of them at a place of its own. */
  reset(files: readonly File[]): void {
    this.#files = files;
    this.#leader = undefined;
  }

  /** The file whose next entry is the next of all; undefined where none may be handed over before files are looked at. */
  next(): File | undefined {
    const leader = this.#leader;
    const entry = leader?.peek();
    const isNext = entry !== undefined && (this.#rival === undefined || compareEntries(entry, this.#rival) <= 0);
    if (!isNext) this.#leader = this.#choose();
    return this.#leader?.isSettled === true ? this.#leader : undefined;
  }

  #choose(): File | undefined {
    let leader: File | undefined;
    let first: OrderedEntry | undefined;
    this.#rival = undefined;
    for (const file of this.#files) {
      const entry = file.peek();
      if (file.isBlocked) return undefined;
      if (entry === undefined) continue;
      if (first === undefined || compareEntries(entry, first) < 0) {
        this.#rival = first;
        first = entry;
        leader = file;
      } else if (this.#rival === undefined || compareEntries(entry, this.#rival) < 0) {
        this.#rival = entry;
      }
    }
    return leader;
  }
}
