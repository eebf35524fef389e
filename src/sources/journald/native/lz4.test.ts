import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compressBlock } from '../../../../test/support/lz4-journal.ts';
import { decodeLz4Block } from './lz4.ts';
import { DamageError } from './refusal.ts';

/** Bytes that repeat, near and far, some of them overlapping themselves. */
const data = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat({ max: 60 })), { maxLength: 30 })
  .map((parts) => Buffer.concat(parts.flatMap(([bytes, times]) => Array.from({ length: times }, () => bytes))));

/** 0 where it is damaged. */
const decodedLength = (block: Uint8Array, maxBytes: number): number => {
  try {
    return decodeLz4Block(block, maxBytes).length;
  } catch (error) {
    if (error instanceof DamageError) return 0;
    throw error;
  }
};

describe('an LZ4 block', () => {
  test('gives back what was compressed, and of it as much as is asked for', () => {
    fc.assert(
      fc.property(data, fc.nat({ max: 3000 }), (original, maxBytes) => {
        const block = compressBlock(original);
        expect(Buffer.from(decodeLz4Block(block, original.length)).equals(original)).toBe(true);
        const head = decodeLz4Block(block, Math.min(maxBytes, original.length));
        expect(Buffer.from(head).equals(original.subarray(0, maxBytes))).toBe(true);
      }),
    );
  });

  test('of any bytes gives no more than is asked for, or is damaged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 5000 }), (block, maxBytes) => {
        expect(decodedLength(block, maxBytes)).toBeLessThanOrEqual(maxBytes);
      }),
    );
  });
});
