import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { some } from '../../../test/support/some.ts';
import { JournalPosition } from './position.ts';
import { formatHash, parseHash } from './stamp.ts';

describe('a position in the journal', () => {
  test('gives back the cursor that journalctl printed, byte for byte', () => {
    const id = fc.stringMatching(/^[0-9a-f]{32}$/);
    const number = fc.nat({ max: 2 ** 52 - 1 }).map((value) => value.toString(16));
    const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16));
    fc.assert(
      fc.property(id, number, id, number, number, hash, (counter, sequence, boot, monotonic, realtime, xor) => {
        const cursor = `s=${counter};i=${sequence};b=${boot};m=${monotonic};t=${realtime};x=${xor}`;
        expect(some(JournalPosition.parse(cursor)).cursor()).toBe(cursor);
      }),
    );
  });

  test('has a hash of 64 bits, in halves', () => {
    expect(parseHash('ce53f9f69a2a0f13')).toEqual({ hashHigh: 0xce53_f9f6 | 0, hashLow: 0x9a2a_0f13 | 0 });
    expect(
      formatHash(some(JournalPosition.parse(`s=${'0'.repeat(32)};i=1;b=${'0'.repeat(32)};m=1;t=1;x=10000000f`))),
    ).toBe('10000000f');
  });
});
