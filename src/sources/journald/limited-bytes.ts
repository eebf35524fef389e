import { characterStart } from './cut-message.ts';

/** Collects bytes up to a limit and counts those beyond. */
export class LimitedBytes {
  readonly #limit: number;
  #buffer = Buffer.alloc(0);
  /** Bytes kept. */
  size = 0;
  /** Bytes beyond the limit. */
  droppedBytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(byte: number): void {
    if (this.size >= this.#limit) {
      this.droppedBytes += 1;
      return;
    }
    if (this.size === this.#buffer.length) this.#grow();
    this.#buffer[this.size] = byte;
    this.size += 1;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.size);
  }

  /** What was kept as text; of a character that did not fit whole nothing is kept. */
  text(): string {
    if (this.droppedBytes > 0) this.#dropPartOfCharacter();
    return this.#buffer.toString('utf8', 0, this.size);
  }

  #dropPartOfCharacter(): void {
    const lead = characterStart(this.#buffer, this.size - 1);
    const first = this.#buffer[lead] ?? 0;
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    if (lead + length <= this.size) return;
    this.droppedBytes += this.size - lead;
    this.size = lead;
  }

  #grow(): void {
    const larger = Buffer.alloc(Math.min(this.#limit, Math.max(256, this.#buffer.length * 2)));
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }
}
