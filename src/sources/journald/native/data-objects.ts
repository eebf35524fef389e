import { decompress, type Payload } from './decompress.ts';
import { maxNameBytes, type FieldNames } from '../field-names.ts';
import { decodeValue, type FieldValue, maxFieldBytes } from '../field-value.ts';
import { integerAt } from './integers.ts';
import { objectSize, objectTypes } from './object.ts';
import { DamageError } from './refusal.ts';
import type { Window } from './window.ts';

/** What decoding is bounded by and what is kept. */
export interface DecodeOptions {
  readonly names: FieldNames;
  readonly maxMessageBytes: number;
}

/** What a data object holds; without a value when its field is not asked for. */
export interface DataObject {
  readonly value: FieldValue | undefined;
  /** Several entries have it, as far as is known: it will be asked for again. */
  readonly isShared: boolean;
  /** Bytes of a value that could not be had at all, not even its name. */
  readonly droppedBytes: number;
}

/** Payloads begin here; in compact files eight bytes later. */
export const regularPayloadAt = 64;
export const compactPayloadAt = 72;
/** Beyond, what is compressed of an entry is left out: journald takes up to 768 MiB, and nobody logs that. */
const maxDecompressedBytes = 64 * 1024 * 1024;
/** What is read of an object that lies elsewhere, before its size is known. */
const firstReadBytes = 4096;
const equalsSign = 0x3d;
const flagsAt = 1;

/** Decodes data objects: a field's name and one value of it. */
export class DataObjects {
  readonly #window: Window;
  readonly #payloadAt: number;
  readonly #options: DecodeOptions;
  /** Of this entry. */
  #decompressedBytes = 0;

  constructor(window: Window, isCompact: boolean, options: DecodeOptions) {
    this.#window = window;
    this.#payloadAt = isCompact ? compactPayloadAt : regularPayloadAt;
    this.#options = options;
  }

  /** A new entry begins. */
  reset(): void {
    this.#decompressedBytes = 0;
  }

  /**
   * Decodes the object at an offset; the window stays where it is.
   *
   * @throws {DamageError} when there is none.
   */
  read(offset: number): DataObject {
    const { bytes, words } = this.#window;
    const at = this.#window.find(offset, this.#payloadAt);
    if (at < 0) return this.#readApart(offset);
    const size = objectSize(bytes, words, at, objectTypes.data, this.#payloadAt + 1);
    if (this.#window.find(offset, size) < 0) return this.#readApart(offset);
    return this.#decode(bytes, words, at, size, size);
  }

  #readApart(offset: number): DataObject {
    if (offset % 8 !== 0) throw new DamageError(`no object can be at ${offset}`);
    const head = this.#window.readApart(offset, this.#payloadAt);
    const size = objectSize(head, new Uint32Array(head.buffer, 0, 4), 0, objectTypes.data, this.#payloadAt + 1);
    const held = this.#window.readApart(offset, this.#bytesToRead(size, head[flagsAt] ?? 0));
    return this.#decode(held, new Uint32Array(held.buffer, 0, this.#payloadAt / 4), 0, held.length, size);
  }

  /** A compressed payload is of use only as a whole, one that is not up to what is kept of a message. */
  #bytesToRead(size: number, flags: number): number {
    const maxBytes = flags === 0 ? this.#options.maxMessageBytes + maxNameBytes + firstReadBytes : maxDecompressedBytes;
    return Math.min(size, this.#payloadAt + maxBytes);
  }

  /** @param held bytes of the object that are there, of all `size` of them */
  #decode(bytes: Buffer, words: Uint32Array, at: number, held: number, size: number): DataObject {
    const isShared = integerAt(words, (at >>> 2) + 14) > 1;
    const start = at + this.#payloadAt;
    const flags = bytes[at + flagsAt] ?? 0;
    if (flags === 0) return this.#take(bytes, start, at + held, size - this.#payloadAt, isShared);
    const payload = held < size ? undefined : this.#decompress(flags, bytes.subarray(start, at + held));
    if (payload === undefined) return { value: undefined, isShared: false, droppedBytes: size - this.#payloadAt };
    return this.#take(payload.bytes, 0, payload.bytes.length, payload.totalBytes, isShared);
  }

  /** What an entry may cost is bounded, however many values of however few bytes it has. */
  #decompress(flags: number, stored: Buffer): Payload | undefined {
    const leftBytes = maxDecompressedBytes - this.#decompressedBytes;
    if (leftBytes <= 0) return undefined;
    const payload = decompress(flags, stored, leftBytes);
    this.#decompressedBytes += payload?.bytes.length ?? leftBytes;
    return payload;
  }

  /** Takes a payload, of which `start` to `end` are there, apart. */
  #take(bytes: Buffer, start: number, end: number, totalBytes: number, isShared: boolean): DataObject {
    const equals = endOfName(bytes, start, end);
    const { name, use } = this.#options.names.at(bytes, start, equals);
    if (use === 'invalid') throw new DamageError('a field has no valid name');
    if (use === 'unwanted') return { value: undefined, isShared, droppedBytes: 0 };
    const maxBytes = name === 'MESSAGE' ? this.#options.maxMessageBytes : maxFieldBytes;
    const valueBytes = totalBytes - (equals + 1 - start);
    return { value: decodeValue(name, bytes, equals + 1, end, valueBytes, maxBytes), isShared, droppedBytes: 0 };
  }
}

const endOfName = (bytes: Buffer, start: number, end: number): number => {
  const last = Math.min(end, start + maxNameBytes + 1);
  for (let at = start; at < last; at += 1) if (bytes[at] === equalsSign) return at;
  throw new DamageError('a field has no name');
};
