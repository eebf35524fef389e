import { JournalPosition } from '../position.ts';
import { integerAt } from './integers.ts';
import { objectSize, objectTypes } from './object.ts';
import { DamageError } from './refusal.ts';
import type { Window } from './window.ts';

/** Before the items of an entry object. */
export const entryHeaderBytes = 64;

/** Cursors have no more digits for it. */
const maxSequence = 2 ** 52 - 1;

/** Boot ids, each formatted once: most entries are of the boot of the one before. */
export class BootIds {
  readonly #words = new Uint32Array(4);
  #text = '';

  /** The id that is 16 bytes at an index of `bytes`. */
  at(bytes: Buffer, words: Uint32Array, at: number): string {
    const word = at >>> 2;
    const last = this.#words;
    if (
      this.#text !== '' &&
      last[0] === words[word] &&
      last[1] === words[word + 1] &&
      last[2] === words[word + 2] &&
      last[3] === words[word + 3]
    )
      return this.#text;
    last.set(words.subarray(word, word + 4));
    this.#text = bytes.toString('hex', at, at + 16);
    return this.#text;
  }
}

/** Size of the entry object at an index of the window. @throws {DamageError} when there is none. */
export const entrySize = ({ bytes, words }: Window, at: number): number =>
  objectSize(bytes, words, at, objectTypes.entry, entryHeaderBytes);

/** The position of the entry at an index of the window. @throws {DamageError} when it has no number. */
export const readPosition = (
  { bytes, words }: Window,
  at: number,
  sequenceId: string,
  bootIds: BootIds,
): JournalPosition => {
  const word = at >>> 2;
  const sequence = integerAt(words, word + 4);
  if (sequence < 1 || sequence > maxSequence) throw new DamageError(`no entry has the number ${sequence}`);
  return new JournalPosition(sequenceId, {
    sequence,
    realtimeUs: integerAt(words, word + 6),
    monotonicUs: integerAt(words, word + 8),
    bootId: bootIds.at(bytes, words, at + 40),
    hashLow: (words[word + 14] ?? 0) | 0,
    hashHigh: (words[word + 15] ?? 0) | 0,
  });
};
