const newline = 0x0a;
const smallestBytes = 256;
/** Up to here it doubles; beyond, that would leave much unused. */
const doublingBytes = 65_536;

/**
 * Texts one behind the other in UTF-8, each followed by a line break. Texts of events that wait are kept so: as strings they
 * are copied twice by the garbage collector, and looked at again and again.
 */
export class TextBuffer {
  #bytes = Buffer.allocUnsafeSlow(smallestBytes);
  #length = 0;
  #texts = 0;

  /**
   * Adds a text.
   *
   * @param bytes its length in UTF-8.
   * @returns where it begins.
   */
  append(text: string, bytes: number): number {
    const start = this.#length;
    const end = start + bytes;
    if (end >= this.#bytes.length) this.#grow(end + 1);
    this.#bytes.write(text, start, bytes, 'utf8');
    this.#bytes[end] = newline;
    this.#length = end + 1;
    this.#texts += 1;
    return start;
  }

  /**
   * The text that begins at `start` and is so long.
   *
   * @throws {RangeError} when none is kept any more.
   */
  read(start: number, bytes: number): string {
    this.#check();
    return this.#bytes.toString('utf8', start, start + bytes);
  }

  /**
   * Copies what lies between `start` and `end` to `at` of `target`.
   *
   * @throws {RangeError} when no text is kept any more.
   */
  copyTo(target: Buffer, at: number, start: number, end: number): void {
    this.#check();
    this.#bytes.copy(target, at, start, end);
  }

  /**
   * One of its texts is not needed any more. When none is, its memory is free at once, not when it is collected.
   *
   * @throws {RangeError} when all were released before.
   */
  release(): void {
    this.#check();
    this.#texts -= 1;
    if (this.#texts === 0) this.#bytes.buffer.transfer(0);
  }

  /** Whoever sends on after his batch was settled would send what is no text, or another's. */
  #check(): void {
    if (this.#texts === 0) throw new RangeError('the texts are not kept any more: their events are done');
  }

  #grow(atLeast: number): void {
    const size = this.#bytes.length;
    const ample = atLeast > size + doublingBytes ? 0 : size < doublingBytes ? 2 * size : 1.25 * size;
    const larger = Buffer.allocUnsafeSlow(Math.max(atLeast, Math.floor(ample)));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes.buffer.transfer(0);
    this.#bytes = larger;
  }
}
