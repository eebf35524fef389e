import { integerAt } from './integers.ts';
import { objectSize, objectTypes } from './object.ts';
import { DamageError } from './refusal.ts';
import type { Window } from './window.ts';

/** One array of the chain that links all entries of a file. */
interface EntryArray {
  readonly offset: number;
  /** Number of its first entry within the file. */
  readonly first: number;
  readonly length: number;
}

/** Header and the offset of the next array. */
const arrayHeaderBytes = 24;
/** Each array is about twice as long as the one before it: a chain of so many is none that journald wrote. */
const maxArrays = 4096;

/** Finds entries by their number within the file, along the chain of entry arrays. */
export class EntryOffsets {
  readonly #window: Window;
  readonly #itemBytes: number;
  readonly #arrays: EntryArray[] = [];
  #current: EntryArray | undefined;

  constructor(window: Window, isCompact: boolean) {
    this.#window = window;
    this.#itemBytes = isCompact ? 4 : 8;
  }

  /**
   * Where the file's entry number `index` is; 0 when it is not linked yet.
   *
   * @param firstArray offset of the first array, from the header
   * @throws {DamageError} when the chain is broken before it.
   */
  at(index: number, firstArray: number): number {
    const array = this.#arrayOf(index, firstArray);
    return array === undefined
      ? 0
      : this.#itemAt(array.offset + arrayHeaderBytes + (index - array.first) * this.#itemBytes);
  }

  /** Forgets what may have changed: the arrays stay where they are, what they hold is added to. */
  forget(): void {
    this.#window.drop();
  }

  /** The item's own bytes may lie anywhere, so the window is reached by whole words of 64 bits. */
  #itemAt(offset: number): number {
    const odd = offset % 8;
    const at = (this.#window.reach(offset - odd, 8) + odd) >>> 2;
    return this.#itemBytes === 4 ? (this.#window.words[at] ?? 0) : integerAt(this.#window.words, at);
  }

  #arrayOf(index: number, firstArray: number): EntryArray | undefined {
    const current = this.#current;
    if (current !== undefined && index >= current.first && index < current.first + current.length) return current;
    this.#current = this.#known(index) ?? this.#follow(index, firstArray);
    return this.#current;
  }

  #known(index: number): EntryArray | undefined {
    return this.#arrays.find(({ first, length }) => index < first + length);
  }

  /** Goes along the chain from the last array known. */
  #follow(index: number, firstArray: number): EntryArray | undefined {
    for (;;) {
      const last = this.#arrays.at(-1);
      if (last !== undefined && index < last.first + last.length) return last;
      const offset = last === undefined ? firstArray : this.#nextOf(last);
      if (offset === 0) return undefined;
      if (offset <= (last?.offset ?? 0)) throw new DamageError('entry arrays run backwards');
      if (this.#arrays.length >= maxArrays) throw new DamageError('entry arrays without end');
      this.#arrays.push(this.#open(offset, last === undefined ? 0 : last.first + last.length));
    }
  }

  #nextOf({ offset }: EntryArray): number {
    const at = this.#window.reach(offset, arrayHeaderBytes);
    return integerAt(this.#window.words, (at >>> 2) + 4);
  }

  #open(offset: number, first: number): EntryArray {
    const at = this.#window.reach(offset, arrayHeaderBytes);
    const { bytes, words } = this.#window;
    const size = objectSize(bytes, words, at, objectTypes.entryArray, arrayHeaderBytes + this.#itemBytes);
    const length = Math.floor((size - arrayHeaderBytes) / this.#itemBytes);
    return { offset, first, length };
  }
}
