const half = 2 ** 32;

/**
 * A 64-bit integer, little endian like all of a journal file's, at a 32-bit word's index. Exact up to 2^53, which no offset
 * of a real file and no time before the year 2255 goes beyond.
 */
export const integerAt = (words: Uint32Array, index: number): number =>
  (words[index] ?? 0) + (words[index + 1] ?? 0) * half;
