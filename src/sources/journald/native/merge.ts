import type { EntryStamp } from '../stamp.ts';
import { compareEntries, type OrderedEntry } from './order.ts';

/** A file as far as its place among others goes. */
export interface MergedFile {
  readonly sequenceId: string;
  /** Whether its next entry may be handed over: all that comes before it in other files can be seen by now. */
  readonly isSettled: boolean;
  /** Its next entry can't be read as yet, and nothing behind it may be handed over. */
  readonly isBlocked: boolean;
  /** Its next entry. */
  peek(): EntryStamp | undefined;
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
    const stamp = leader?.peek();
    const isNext =
      leader !== undefined &&
      stamp !== undefined &&
      (this.#rival === undefined || compareEntries(leader.sequenceId, stamp, this.#rival) <= 0);
    if (!isNext) this.#leader = this.#choose();
    return this.#leader?.isSettled === true ? this.#leader : undefined;
  }

  #choose(): File | undefined {
    let leader: File | undefined;
    let first: OrderedEntry | undefined;
    this.#rival = undefined;
    for (const file of this.#files) {
      const stamp = file.peek();
      if (file.isBlocked) return undefined;
      if (stamp === undefined) continue;
      const entry = { sequenceId: file.sequenceId, stamp };
      if (first === undefined || compareEntries(file.sequenceId, stamp, first) < 0) {
        this.#rival = first;
        first = entry;
        leader = file;
      } else if (this.#rival === undefined || compareEntries(file.sequenceId, stamp, this.#rival) < 0) {
        this.#rival = entry;
      }
    }
    return leader;
  }
}
