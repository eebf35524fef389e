import { zstdDecompressSync } from 'node:zlib';
import { codeOf, messageOf } from '#sdk';
import { decodeLz4Block } from './lz4.ts';
import { DamageError } from './refusal.ts';

/** Flags of a data object (JOURNAL_FILE_FORMAT.md, "Objects"). */
const compressions = { none: 0, lz4: 2, zstd: 4 } as const;

/** A payload as it was written, or as much of it as was asked for. */
export interface Payload {
  readonly bytes: Buffer;
  /** What it would be in full. */
  readonly totalBytes: number;
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** LZ4 blocks are stored behind their decoded size: 64 bits, little endian. */
const decodeLz4 = (stored: Buffer, maxBytes: number): Payload => {
  if (stored.length < 8) throw new DamageError('an LZ4 payload ends early');
  const totalBytes = stored.readUInt32LE(0) + stored.readUInt32LE(4) * 2 ** 32;
  const bytes = decodeLz4Block(stored.subarray(8), Math.min(totalBytes, maxBytes));
  if (bytes.length < Math.min(totalBytes, maxBytes)) throw new DamageError('an LZ4 payload is shorter than it says');
  return { bytes: asBuffer(bytes), totalBytes };
};

/** Undefined when it is longer than is allowed: of a zstd frame there is no cheap way to get the head alone. */
const decodeZstd = (stored: Buffer, maxBytes: number): Payload | undefined => {
  try {
    const bytes = zstdDecompressSync(stored, { maxOutputLength: maxBytes });
    return { bytes, totalBytes: bytes.length };
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw new DamageError(`a zstd payload can't be read: ${messageOf(error)}`);
  }
};

/**
 * Decompresses a data object's payload, to `maxBytes` at most.
 *
 * @param flags of the object
 * @returns undefined when it is longer and can't be had in part.
 * @throws {DamageError} when it is none.
 */
export const decompress = (flags: number, stored: Buffer, maxBytes: number): Payload | undefined => {
  switch (flags & 7) {
    case compressions.none:
      return { bytes: stored, totalBytes: stored.length };
    case compressions.lz4:
      return decodeLz4(stored, maxBytes);
    case compressions.zstd:
      return decodeZstd(stored, maxBytes);
    default:
      // XZ is said in the header, and such files are refused.
      throw new DamageError(`a payload can't be compressed as ${flags} says`);
  }
};
