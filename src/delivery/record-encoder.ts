import { recordHashBytes } from './record-hash.ts';

/** A distance (seven bits a byte, signed: nine bytes hold any) and a hash. */
const longestRecord = 9 + recordHashBytes;

/**
 * Writes which records are meant, by time of receipt and hash: for each the distance in time to the one before (zigzag,
 * LEB128, microseconds) and the hash, some seven bytes in all.
 */
export class RecordEncoder {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;
  #beforeUs = 0;

  add(receivedUs: number, hash: number): void {
    if (this.#length + longestRecord > this.#bytes.length) this.#grow();
    const distance = receivedUs - this.#beforeUs;
    this.#beforeUs = receivedUs;
    this.#addVarint(distance < 0 ? -2 * distance - 1 : 2 * distance);
    this.#length = this.#bytes.writeUIntLE(hash, this.#length, recordHashBytes);
  }

  /** All that was added, as base64. */
  finish(): string {
    return this.#bytes.toString('base64', 0, this.#length);
  }

  #addVarint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}
