import type { RecordPosition } from '../event/record.ts';

/**
 * Bytes of a record's hash. Lines written in one go share their time of receipt: of a hundred such, half of them settled,
 * one in 400 million is mistaken for another.
 */
export const recordHashBytes = 5;

const lowRange = 2 ** 32;

/** What a record is known by. */
export type RecordIdentity = Pick<RecordPosition, 'receivedUs' | 'id'>;

/** Two FNV-1a hashes with unlike primes: 32 bits of one and 8 of the other. Stored on disk: never change what it gives. */
export const recordHash = (position: RecordIdentity): number => {
  const id = position.id();
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
  }
  low ^= low >>> 15;
  high ^= high >>> 15;
  return (high & 0xff) * lowRange + (low >>> 0);
};
