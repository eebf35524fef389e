import { integerAt } from './integers.ts';
import { DamageError } from './refusal.ts';

/** Types of objects that are read (JOURNAL_FILE_FORMAT.md, "Structure"). */
export const objectTypes = { data: 1, entry: 3, entryArray: 6 } as const;

/**
 * The size of the object whose header is at an index of `bytes`, itself included.
 *
 * @throws {DamageError} when it is of another type or smaller than such an object can be.
 */
export const objectSize = (
  bytes: Uint8Array,
  words: Uint32Array,
  at: number,
  type: number,
  smallestBytes: number,
): number => {
  if (bytes[at] !== type)
    throw new DamageError(`an object of type ${type} was expected, not of ${bytes[at] ?? 'none'}`);
  const size = integerAt(words, (at >>> 2) + 2);
  if (size < smallestBytes) throw new DamageError(`an object of type ${type} can't have ${size} bytes`);
  return size;
};
