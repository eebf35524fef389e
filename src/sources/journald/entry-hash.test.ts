import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { entryHash } from './entry-hash.ts';
import { parseHash } from './stamp.ts';

describe('entryHash', () => {
  test('is the hash XOR the number', () => {
    const hashes = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    fc.assert(
      fc.property(hashes, fc.maxSafeNat(), (hash, sequence) => {
        const mixed = entryHash({ ...parseHash(hash.toString(16)), sequence });
        expect(mixed).toEqual(parseHash((hash ^ BigInt(sequence)).toString(16)));
      }),
    );
  });
});
