import { isSameInstant, type JournalCursor } from './cursor.ts';
import type { JournalPosition } from './position.ts';

/**
 * Drops what was handed over before, as a seek is inclusive: the entry of the cursor and, of those with the same time,
 * the ones before it. Entries written in one go share their time, and equal ones share even their identity, so within
 * one counter the number decides.
 */
export class HandedOver {
  #cursor: JournalCursor | undefined;

  constructor(cursor: JournalCursor | undefined) {
    this.#cursor = cursor;
  }

  /** Asked for each entry in order; false from the first entry of another time on, at next to no cost. */
  has(position: JournalPosition): boolean {
    const cursor = this.#cursor;
    if (cursor === undefined) return false;
    const entry = position.parsed();
    if (!isSameInstant(entry, cursor)) {
      this.#cursor = undefined;
      return false;
    }
    if (entry.sequenceId === cursor.sequenceId) return entry.sequence <= cursor.sequence;
    if (entry.xorHash !== cursor.xorHash) return false;
    this.#cursor = undefined;
    return true;
  }
}
