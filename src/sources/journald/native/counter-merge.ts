import type { Compare, OrderedEntry } from './order.ts';

/** A file as far as its place among others goes. */
export interface MergedFile {
  /** The counter that numbers its entries. */
  readonly sequenceId: string;
  /** Whether its next entry may be handed over: all that comes before it in other files can be seen by now. */
  readonly isSettled: boolean;
  /** Its next entry can't be read as yet, and nothing behind it may be handed over. */
  readonly isBlocked: boolean;
  /** Its next entry. */
  peek(): OrderedEntry | undefined;
}

/**
 * Interleaves the files of one counter. They are mostly disjoint, or one of them is busy and the others are not, so that a
 * file is read on until the entry that another one waits with.
 */
export class CounterMerge<File extends MergedFile> {
  readonly #files: readonly File[];
  readonly #compare: Compare<OrderedEntry>;
  #leader: File | undefined;
  /** The first entry of all other files. */
  #rival: OrderedEntry | undefined;
  #isBlocked = false;
  #head: OrderedEntry | undefined;

  constructor(files: readonly File[], compare: Compare<OrderedEntry>) {
    this.#files = files;
    this.#compare = compare;
  }

  /** Whether a file is blocked, as far as it was looked at. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** The next entry of all, as of the last {@link look}. */
  get head(): OrderedEntry | undefined {
    return this.#head;
  }

  /** Looks for the next entry of all. */
  look(): OrderedEntry | undefined {
    this.#head = this.next()?.peek();
    return this.#head;
  }

  /** The file whose next entry is the next of all; undefined where there is none, or a file is blocked. */
  next(): File | undefined {
    const leader = this.#leader;
    const entry = leader?.peek();
    const isNext = entry !== undefined && (this.#rival === undefined || this.#compare(entry, this.#rival) <= 0);
    if (!isNext) this.#leader = this.#choose();
    return this.#leader;
  }

  #choose(): File | undefined {
    let leader: File | undefined;
    let first: OrderedEntry | undefined;
    this.#rival = undefined;
    for (const file of this.#files) {
      const entry = file.peek();
      this.#isBlocked = file.isBlocked;
      if (file.isBlocked) return undefined;
      if (entry === undefined) continue;
      if (first === undefined || this.#compare(entry, first) < 0) {
        this.#rival = first;
        first = entry;
        leader = file;
      } else if (this.#rival === undefined || this.#compare(entry, this.#rival) < 0) {
        this.#rival = entry;
      }
    }
    return leader;
  }
}
