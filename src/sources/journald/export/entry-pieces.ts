import { EntryBudget } from '../entry-budget.ts';
import { type FieldNames, maxNameBytes } from '../field-names.ts';
import { decodeValue, type FieldValue, maxFieldBytes } from '../field-value.ts';
import { largestValueBytes, lineEnd, sizeAt, sizeBytes } from './entry-scan.ts';

/** What the next byte is part of. */
type State = 'name' | 'text' | 'size' | 'bytes' | 'end of bytes' | 'stray';

const equalsSign = 0x3d;
const cursorName = '__CURSOR';
/** Cursors are some 150 bytes long. */
const maxCursorBytes = 1024;
/** The rest of a character of which the limit takes the first byte. */
const restOfCharacter = 3;

/** A value of which so much is kept, and the rest counted. */
class LimitedValue {
  readonly #pieces: Buffer[] = [];
  readonly #limit: number;
  #kept = 0;
  bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(piece: Buffer): void {
    this.bytes += piece.length;
    const kept = piece.subarray(0, Math.max(0, this.#limit - this.#kept));
    if (kept.length === 0) return;
    // A copy: the chunk's memory is another's soon.
    this.#pieces.push(Buffer.from(kept));
    this.#kept += kept.length;
  }

  join(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

/**
 * An entry that comes in several chunks, piece by piece: of each value no more is kept than is wanted, so that an entry of any
 * size costs no more memory than the limits.
 */
export class EntryPieces {
  readonly #names: FieldNames;
  readonly #maxMessageBytes: number;
  readonly #budget: EntryBudget;
  #state: State = 'name';
  #name = new LimitedValue(maxNameBytes + 1);
  #value = new LimitedValue(0);
  #size = new LimitedValue(sizeBytes);
  #left = 0;
  /** Of all bytes, those of this entry. */
  bytes = 0;
  /** Undefined while it has none: then it is no entry. */
  cursor: string | undefined;
  values: FieldValue[] = [];
  droppedBytes = 0;

  constructor(names: FieldNames, maxMessageBytes: number) {
    this.#names = names;
    this.#maxMessageBytes = maxMessageBytes;
    this.#budget = new EntryBudget(maxMessageBytes);
  }

  /**
   * Takes what belongs to the entry from `at` on.
   *
   * @returns where the next one begins; -1 when this one goes on in the next chunk.
   */
  push(chunk: Buffer, at: number): number {
    let next = at;
    while (next < chunk.length) {
      if (this.#state === 'name' && chunk[next] === lineEnd && this.#name.bytes === 0) {
        this.bytes += next + 1 - at;
        return next + 1;
      }
      next = this.#take(chunk, next);
    }
    this.bytes += chunk.length - at;
    return -1;
  }

  #take(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'name':
        return this.#takeName(chunk, at);
      case 'text':
        return this.#takeLine(chunk, at);
      case 'size':
        return this.#takeSize(chunk, at);
      case 'bytes':
        return this.#takeBytes(chunk, at);
      case 'end of bytes':
        // Anything else is damage: nobody knows where the next field begins.
        this.#state = chunk[at] === lineEnd ? 'name' : 'stray';
        return at + 1;
      case 'stray':
        return this.#skipLine(chunk, at);
    }
  }

  #takeName(chunk: Buffer, at: number): number {
    let end = at;
    while (end < chunk.length && chunk[end] !== equalsSign && chunk[end] !== lineEnd) end += 1;
    this.#name.add(chunk.subarray(at, end));
    if (end === chunk.length) return end;
    const name = this.#name.join();
    if (name.toString('latin1') === cursorName) this.#beginAnew();
    else if (this.cursor === undefined) return this.#skipLine(chunk, end);
    this.#state = chunk[end] === equalsSign ? 'text' : 'size';
    this.#value = new LimitedValue(this.#limitOf(name));
    return end + 1;
  }

  /** An entry that journalctl could not finish is followed by the next one without the line between them. */
  #beginAnew(): void {
    this.cursor = undefined;
    this.values = [];
    this.droppedBytes = 0;
    this.#budget.reset();
  }

  #limitOf(name: Buffer): number {
    if (name.toString('latin1') === cursorName) return maxCursorBytes;
    if (this.#names.at(name, 0, name.length).use !== 'wanted') return 0;
    return (name.toString('latin1') === 'MESSAGE' ? this.#maxMessageBytes : maxFieldBytes) + restOfCharacter;
  }

  #takeLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(lineEnd, at);
    this.#value.add(chunk.subarray(at, end === -1 ? chunk.length : end));
    if (end === -1) return chunk.length;
    this.#endValue();
    this.#state = 'name';
    return end + 1;
  }

  #takeSize(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + sizeBytes - this.#size.bytes);
    this.#size.add(chunk.subarray(at, end));
    if (this.#size.bytes < sizeBytes) return end;
    this.#left = sizeAt(this.#size.join(), 0);
    this.#size = new LimitedValue(sizeBytes);
    if (this.#left > largestValueBytes) this.#state = 'stray';
    else this.#goOnWithBytes();
    return end;
  }

  #takeBytes(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#left);
    this.#value.add(chunk.subarray(at, end));
    this.#left -= end - at;
    this.#goOnWithBytes();
    return end;
  }

  #goOnWithBytes(): void {
    this.#state = this.#left === 0 ? 'end of bytes' : 'bytes';
    if (this.#left === 0) this.#endValue();
  }

  /** What is no field of an entry is passed line by line, up to one that begins an entry, or ends this one. */
  #skipLine(chunk: Buffer, at: number): number {
    this.#beginAnew();
    const end = chunk.indexOf(lineEnd, at);
    this.#state = end === -1 ? 'stray' : 'name';
    if (end === -1) return chunk.length;
    this.#name = new LimitedValue(maxNameBytes + 1);
    return end + 1;
  }

  #endValue(): void {
    const name = this.#name.join();
    const bytes = this.#value.join();
    const valueBytes = this.#value.bytes;
    this.#name = new LimitedValue(maxNameBytes + 1);
    if (name.toString('latin1') === cursorName) {
      this.cursor = bytes.toString('latin1');
      return;
    }
    const field = this.#names.at(name, 0, name.length);
    if (field.use !== 'wanted' || field.name.startsWith('__')) return;
    const maxBytes = field.name === 'MESSAGE' ? this.#maxMessageBytes : maxFieldBytes;
    const value = decodeValue(field.name, bytes, 0, bytes.length, valueBytes, maxBytes);
    if (this.#budget.take(value)) this.values.push(value);
    else this.droppedBytes += value.bytes;
  }
}
