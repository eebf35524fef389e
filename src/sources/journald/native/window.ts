import { readSync } from 'node:fs';
import { messageOf } from '#sdk';
import { DamageError } from './refusal.ts';

/** Objects are aligned to so many bytes, and so is a window. */
export const alignment = 8;
const smallestBytes = 16 * 1024;

const allocate = (bytes: number): Buffer<ArrayBuffer> => Buffer.from(new ArrayBuffer(bytes));

/**
 * A part of a file in memory, read where something lies outside it. It is small at first and grows while it slides. Reads
 * are synchronous: pages of a journal that is being written are in memory, and a thread per read costs more than the read.
 */
export class Window {
  /** What is held; what was found in it is gone with the next {@link reach}. */
  bytes = allocate(0);
  /** The same as 32-bit words in the machine's order, which is little endian wherever Node runs. */
  words = new Uint32Array(0);
  readonly #descriptor: number;
  readonly #maxBytes: number;
  #nextBytes = smallestBytes;
  #start = 0;
  #end = 0;

  constructor(descriptor: number, maxBytes: number) {
    this.#descriptor = descriptor;
    this.#maxBytes = maxBytes;
  }

  /** Index in `bytes` of what lies at `offset`, if all of it is held; otherwise -1. */
  find(offset: number, length: number): number {
    return offset >= this.#start && offset + length <= this.#end ? offset - this.#start : -1;
  }

  /**
   * Index in `bytes` of what lies at `offset`, read if it is not held, from `from` on where that leaves room.
   *
   * @throws {DamageError} when it is not aligned, or the file ends before.
   */
  reach(offset: number, length: number, from = offset): number {
    const held = this.find(offset, length);
    if (held >= 0) return held;
    if (offset % alignment !== 0 || !Number.isSafeInteger(offset))
      throw new DamageError(`no object can be at ${offset}`);
    if (length > this.#maxBytes) throw new DamageError(`an object at ${offset} is too large`);
    this.#slide(from <= offset && offset + length - from <= this.#maxBytes ? from : offset, offset + length);
    const at = this.find(offset, length);
    if (at < 0) throw new DamageError(`the file ends before ${offset + length}`);
    return at;
  }

  /** Forgets all: the file may have changed. */
  drop(): void {
    this.#end = this.#start;
    this.#nextBytes = smallestBytes;
  }

  /** Reads past the window, which stays as it is. */
  readApart(offset: number, length: number): Buffer {
    const apart = allocate(length);
    if (this.#read(apart, length, offset) < length) throw new DamageError(`the file ends before ${offset + length}`);
    return apart;
  }

  #slide(from: number, end: number): void {
    const start = from - (from % alignment);
    const length = Math.min(this.#maxBytes, Math.max(this.#nextBytes, end - start + alignment));
    this.#nextBytes = Math.min(this.#maxBytes, length * 2);
    if (this.bytes.length < length) {
      this.bytes = allocate(length + (alignment - (length % alignment)));
      this.words = new Uint32Array(this.bytes.buffer);
    }
    this.#start = start;
    this.#end = start;
    this.#end += this.#read(this.bytes, length, start);
  }

  #read(into: Buffer, length: number, offset: number): number {
    try {
      return readSync(this.#descriptor, into, 0, length, offset);
    } catch (error) {
      throw new DamageError(`the file can't be read at ${offset}: ${messageOf(error)}`);
    }
  }
}
