import type { JournalEntry, JournalValue } from './fields.ts';
import { LimitedBytes } from './limited-bytes.ts';
import { Utf16Decoder } from './utf16-decoder.ts';

/** Journald takes names of at most 64 characters; longer ones are nobody's. */
const maxNameBytes = 64;
/** Of a field other than the message; all of those that sluice knows are far shorter. */
const maxFieldBytes = 65_536;
/** Of the fields whose names begin with `_` that journald adds; cursor and times are among them. */
const maxTrustedFieldBytes = 4096;
/** Of all fields but the message and the trusted ones. */
const maxOtherBytes = 1_048_576;

const quote = 0x22;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const closeObject = 0x7d;
const comma = 0x2c;
const letterU = 0x75;
const zero = 0x30;
const nine = 0x39;

const escapes: Readonly<Record<number, number>> = { 0x6e: 10, 0x74: 9, 0x72: 13, 0x62: 8, 0x66: 12 };

/** What the next byte is part of. */
type State = 'before name' | 'in name' | 'before value' | 'in text' | 'in escape' | 'in code unit' | 'in bytes';

/**
 * Parses one line of `journalctl --output=json` piece by piece, keeping a bounded part of every value, so that an entry
 * of any size costs no more memory than the limits. It trusts journalctl to write valid JSON.
 */
export class LongLine {
  readonly #entry = new Map<string, JournalValue[]>();
  readonly #maxMessageBytes: number;
  #state: State = 'before name';
  #name = '';
  #value = new LimitedBytes(0);
  #escaped = new Utf16Decoder();
  #number: number | undefined;
  #depth = 0;
  #messageBytes = 0;
  #otherBytes = 0;
  /** Bytes of the line so far, as printed. */
  bytes = 0;
  /** Bytes of names and values that are kept. */
  keptBytes = 0;
  /** Bytes of values that went beyond their limits. */
  droppedBytes = 0;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    for (const byte of chunk) this.#take(byte);
  }

  /** What was kept of the entry; empty when the line was none. */
  entry(): JournalEntry {
    return Object.fromEntries(this.#entry);
  }

  #take(byte: number): void {
    switch (this.#state) {
      case 'before name':
        this.#beforeName(byte);
        return;
      case 'in name':
        this.#inName(byte);
        return;
      case 'before value':
        this.#beforeValue(byte);
        return;
      case 'in text':
        this.#inText(byte);
        return;
      case 'in escape':
        this.#inEscape(byte);
        return;
      case 'in code unit':
        this.#inCodeUnit(byte);
        return;
      case 'in bytes':
        this.#inBytes(byte);
        return;
    }
  }

  #beforeName(byte: number): void {
    if (byte !== quote) return;
    this.#value = new LimitedBytes(maxNameBytes);
    this.#state = 'in name';
  }

  #inName(byte: number): void {
    if (byte !== quote) {
      this.#value.add(byte);
      return;
    }
    this.#name = this.#value.text();
    this.#state = 'before value';
  }

  #beforeValue(byte: number): void {
    if (byte === quote) this.#startText();
    else if (byte === openList) this.#depth += 1;
    else if (byte === closeList) this.#endList();
    else if (byte >= zero && byte <= nine) this.#startBytes(byte);
    else if (this.#depth === 0 && (byte === comma || byte === closeObject)) this.#state = 'before name';
  }

  #startText(): void {
    this.#value = new LimitedBytes(this.#limit());
    this.#state = 'in text';
  }

  #inText(byte: number): void {
    if (byte === quote) this.#endText();
    else if (byte === backslash) this.#state = 'in escape';
    else this.#value.add(byte);
  }

  #inEscape(byte: number): void {
    if (byte === letterU) {
      this.#state = 'in code unit';
      return;
    }
    this.#value.add(escapes[byte] ?? byte);
    this.#state = 'in text';
  }

  #inCodeUnit(byte: number): void {
    if (!this.#escaped.addDigit(byte)) return;
    for (const decoded of this.#escaped.take()) this.#value.add(decoded);
    this.#state = 'in text';
  }

  #endText(): void {
    this.#keep(this.#value.text());
    this.#state = 'before value';
  }

  #startBytes(byte: number): void {
    this.#value = new LimitedBytes(this.#limit());
    this.#state = 'in bytes';
    this.#inBytes(byte);
  }

  #inBytes(byte: number): void {
    if (byte >= zero && byte <= nine) {
      this.#number = (this.#number ?? 0) * 10 + byte - zero;
      return;
    }
    if (this.#number !== undefined) this.#value.add(this.#number);
    this.#number = undefined;
    if (byte !== closeList) return;
    this.#keep(this.#value.bytes());
    this.#state = 'before value';
    this.#endList();
  }

  #endList(): void {
    this.#depth -= 1;
  }

  #keep(value: JournalValue): void {
    this.droppedBytes += this.#value.droppedBytes;
    this.keptBytes += this.#name.length + this.#value.size;
    if (this.#name === 'MESSAGE') this.#messageBytes += this.#value.size;
    else if (!this.#name.startsWith('_')) this.#otherBytes += this.#value.size;
    const values = this.#entry.get(this.#name);
    if (values === undefined) this.#entry.set(this.#name, [value]);
    else values.push(value);
  }

  #limit(): number {
    if (this.#name === 'MESSAGE') return this.#maxMessageBytes - this.#messageBytes;
    if (this.#name.startsWith('_')) return maxTrustedFieldBytes;
    return Math.min(maxFieldBytes, maxOtherBytes - this.#otherBytes);
  }
}
