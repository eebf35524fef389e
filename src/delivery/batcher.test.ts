import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { entryOf, roomyLimits } from '../../test/support/lane-entries.ts';
import { Batcher } from './batcher.ts';
import { countBytes, type LaneBatch } from './lane-batch.ts';

const limits = { ...roomyLimits, maxBytes: 100, maxEvents: 5, overheadPerEvent: 3, overheadPerBatch: 7, maxSpanMs: 50 };

describe('Batcher', () => {
  test('closes a batch as soon as it holds the most events', () => {
    const batcher = new Batcher({ ...roomyLimits, maxEvents: 2 }, false);
    expect(batcher.add('a', entryOf(0), 0)).toEqual([]);
    expect(batcher.add('a', entryOf(1), 0)).toHaveLength(1);
    expect(batcher.openBatches).toBe(0);
  });

  test('takes batches by age, oldest first, and leaves the younger', () => {
    const batcher = new Batcher(roomyLimits, false);
    batcher.add('old', entryOf(0), 10);
    batcher.add('young', entryOf(1), 20);
    expect(batcher.takeOlderThan(10).map(({ key }) => key)).toEqual(['old']);
    expect(batcher.oldestOpenedAtMs).toBe(20);
  });

  test('gives a batch before it is full, of one key or the fullest, if it holds as much as is wanted', () => {
    const batcher = new Batcher(roomyLimits, false);
    batcher.add('small', entryOf(0, 'x'.repeat(10)), 0);
    batcher.add('large', entryOf(1, 'x'.repeat(30)), 0);
    batcher.add('middle', entryOf(2, 'x'.repeat(20)), 0);
    expect(batcher.takeFrom('small', 11)).toBeUndefined();
    expect(batcher.takeFrom('small', 10)?.key).toBe('small');
    expect(batcher.takeFullest(31)).toBeUndefined();
    expect([batcher.takeFullest(10)?.key, batcher.takeFullest(10)?.key]).toEqual(['large', 'middle']);
    expect(batcher.openBatches).toBe(0);
  });

  test('never breaks a limit, loses nothing and keeps order within each key', () => {
    const lines = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'c'), size: fc.integer({ min: 1, max: 90 }), timeMs: fc.nat(200) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(lines, (added) => {
        const batcher = new Batcher(limits, false);
        const batches: LaneBatch[] = [];
        for (const [sequence, { key, size, timeMs }] of added.entries()) {
          batches.push(...batcher.add(key, entryOf(sequence, 'x'.repeat(size), timeMs), 0));
        }
        batches.push(...batcher.takeAll());
        for (const { entries, bytes } of batches) {
          const times = entries.map((entry) => entry.timeMs);
          expect(bytes).toBe(countBytes(entries, limits));
          expect(bytes).toBeLessThanOrEqual(limits.maxBytes);
          expect(entries.length).toBeLessThanOrEqual(limits.maxEvents);
          expect(Math.max(...times) - Math.min(...times)).toBeLessThan(limits.maxSpanMs);
        }
        for (const key of ['a', 'b', 'c']) {
          const sent = batches.filter((batch) => batch.key === key).flatMap(({ entries }) => entries);
          const expected = [...added.entries()].filter(([, line]) => line.key === key).map(([sequence]) => sequence);
          expect(sent.map(({ delivery }) => delivery.claim.first)).toEqual(expected);
        }
      }),
    );
  });
});
