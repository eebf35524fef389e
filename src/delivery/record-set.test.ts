import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { positionOf } from '../../test/support/events.ts';
import type { RecordPosition } from '../event/record.ts';
import { RecordSet } from './record-set.ts';

const at = (receivedUs: number, id: string): RecordPosition => positionOf(0, { receivedUs, id: () => id });

const anyPosition = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 52 }), fc.string({ minLength: 1, maxLength: 60 }))
  .map(([receivedUs, id]) => at(receivedUs, id));

const keyOf = (position: RecordPosition): string => `${position.receivedUs} ${position.id()}`;

describe('RecordSet', () => {
  test('knows after it was saved exactly the records that it was given', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyPosition, { selector: keyOf, maxLength: 200 }), fc.nat(200), (positions, kept) => {
        const [inside, outside] = [positions.slice(0, kept), positions.slice(kept)];
        const set = RecordSet.decode(RecordSet.of(inside).encode());
        expect(set.size).toBe(inside.length);
        expect(inside.filter((position) => !set.has(position))).toEqual([]);
        expect(outside.filter((position) => set.has(position))).toEqual([]);
        expect(inside.filter((position) => !set.delete(position))).toEqual([]);
        expect({ size: set.size, text: set.encode() }).toEqual({ size: 0, text: '' });
      }),
    );
  });

  test('tells apart many records of one time whose ids differ little', () => {
    const positions = Array.from({ length: 5000 }, (_, index) => at(1_795_326_000_000_000, `id-${index}`));
    const set = RecordSet.of(positions.filter((_, index) => index % 2 === 0));
    expect(positions.filter((position) => set.has(position))).toHaveLength(2500);
  });

  test('takes about seven bytes a record at thousands of lines a second', () => {
    const count = 10_000;
    const positions = Array.from({ length: count }, (_, index) =>
      at(1_795_326_000_000_000 + index * 200, `id-${index}`),
    );
    expect(Buffer.from(RecordSet.of(positions).encode(), 'base64').length / count).toBeLessThan(7.1);
  });

  test('is frozen: checkpoints on disk are in this form', () => {
    const text = RecordSet.of([at(1_795_326_000_123_456, 'id-7'), at(1_795_326_000_123_400, 'id-8')]).encode();
    expect(text).toBe('gLnyh921sAbGAqKVLW9bCKKk0g==');
  });

  test('refuses what is not whole', () => {
    const text = RecordSet.of([at(5, 'a'), at(6, 'b')]).encode();
    const cut = Buffer.from(text, 'base64').subarray(0, -1).toString('base64');
    expect(() => RecordSet.decode(cut)).toThrow('out of range');
  });
});
