const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Turns the digits of `\uXXXX` escapes into UTF-8, the two escapes of a surrogate pair into one character. */
export class Utf16Decoder {
  #digits = '';
  #high: number | undefined;

  /** True when the fourth digit came and {@link take} has something to say. */
  addDigit(byte: number): boolean {
    this.#digits += String.fromCharCode(byte);
    return this.#digits.length === 4;
  }

  /** UTF-8 of the character that the escape ends; empty after the first half of a pair. */
  take(): Uint8Array {
    const unit = Number.parseInt(this.#digits, 16);
    this.#digits = '';
    const high = this.#high;
    this.#high = isHigh(unit) ? unit : undefined;
    if (this.#high !== undefined) return Buffer.alloc(0);
    const paired = high !== undefined && isLow(unit);
    return Buffer.from(paired ? String.fromCharCode(high, unit) : String.fromCharCode(unit));
  }
}
