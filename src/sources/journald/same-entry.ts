import { isSameInstant, type JournalCursor } from './cursor.ts';
import type { JournalPosition } from './position.ts';

/**
 * Looks for a cursor's entry among those of its microsecond: itself, or a copy that has another number. journald numbers anew
 * what it copies from memory to disk where the journal there holds entries (seen on systemd 239 to 262), and 254 and 255
 * always do, with further numbers of the same counter. Of equal entries the first is taken, so that none is left out.
 */
export class SameEntry {
  readonly #cursor: JournalCursor;
  #found: JournalPosition | undefined;

  constructor(cursor: JournalCursor) {
    this.#cursor = cursor;
  }

  get found(): JournalPosition | undefined {
    return this.#found;
  }

  /** To be shown entries in order. @returns true when those that follow can't matter */
  look(position: JournalPosition): boolean {
    const entry = position.parsed();
    if (!isSameInstant(entry, this.#cursor)) return true;
    if (entry.xorHash !== this.#cursor.xorHash) return false;
    const isItself = entry.sequenceId === this.#cursor.sequenceId && entry.sequence === this.#cursor.sequence;
    if (isItself) this.#found = position;
    else this.#found ??= position;
    return isItself;
  }
}
