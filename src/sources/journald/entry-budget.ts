import type { FieldValue } from './field-value.ts';

/** Of all fields of an entry but its message. */
const maxOtherBytes = 1024 * 1024;

/** What one entry may keep in memory, so that none is larger than the limits, however many fields it has. */
export class EntryBudget {
  readonly #maxMessageBytes: number;
  #messageBytes = 0;
  #otherBytes = 0;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** A new entry begins. */
  reset(): void {
    this.#messageBytes = 0;
    this.#otherBytes = 0;
  }

  /** Whether there is room for a value; then it is taken. */
  take({ name, bytes, droppedBytes }: FieldValue): boolean {
    const kept = bytes - droppedBytes;
    if (name === 'MESSAGE') {
      this.#messageBytes += kept;
      return this.#messageBytes <= this.#maxMessageBytes;
    }
    this.#otherBytes += kept;
    return this.#otherBytes <= maxOtherBytes;
  }
}
