import { DamageError } from './refusal.ts';

/** The shortest match that is ever encoded. */
const smallestMatch = 4;
const nibble = 15;

/**
 * Decodes an LZ4 block (lz4's lz4_Block_format.md) up to a limit, so that no block can ask for more memory.
 *
 * @returns its first bytes, at most `maxBytes`.
 * @throws {DamageError} when it is none.
 */
export const decodeLz4Block = (block: Uint8Array, maxBytes: number): Uint8Array => {
  const output = new Uint8Array(maxBytes);
  let from = 0;
  let length = 0;
  const readByte = (): number => {
    const byte = block[from];
    if (byte === undefined) throw new DamageError('an LZ4 block ends early');
    from += 1;
    return byte;
  };
  const readLength = (start: number): number => {
    let total = start;
    if (start < nibble) return total;
    for (let byte = 255; byte === 255; total += byte) byte = readByte();
    return total;
  };
  while (from < block.length && length < maxBytes) {
    const token = readByte();
    const literals = readLength(token >>> 4);
    if (from + literals > block.length) throw new DamageError('an LZ4 block ends early');
    const kept = Math.min(literals, maxBytes - length);
    output.set(block.subarray(from, from + kept), length);
    from += literals;
    length += kept;
    if (from >= block.length || length >= maxBytes) break;
    const distance = readByte() | (readByte() << 8);
    const match = readLength(token & nibble) + smallestMatch;
    if (distance === 0 || distance > length) throw new DamageError('an LZ4 block refers to what is not there');
    const end = Math.min(maxBytes, length + match);
    // Bytes may be copied that this very copy wrote.
    for (; length < end; length += 1) output[length] = output[length - distance] ?? 0;
  }
  return output.subarray(0, length);
};
