import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { eventOf, eventsOf, positionOf } from '../../../test/support/events.ts';
import { createSampleTest } from './sample.ts';

const eventWithId = (id: string) => eventOf({ position: positionOf(0, { id: () => id }) });

describe('sample', () => {
  test('keeps everything at 1 and nothing at 0', () => {
    const events = eventsOf(1000);
    expect(events.filter(createSampleTest(1))).toEqual([]);
    expect(events.filter(createSampleTest(0))).toHaveLength(1000);
  });

  test.each([0.001, 0.1, 0.5, 0.9])('keeps about its rate of ids that differ little: %d', (rate) => {
    const count = 20_000;
    const kept = count - eventsOf(count).filter(createSampleTest(rate)).length;
    const fourDeviations = 4 * Math.sqrt(count * rate * (1 - rate));
    expect(Math.abs(kept - count * rate)).toBeLessThan(fourDeviations);
  });

  test('chooses alike in every reading, and what a lower rate keeps a higher one keeps', () => {
    const rate = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), rate, rate, (id, left, right) => {
        const dropsAtLower = createSampleTest(Math.min(left, right))(eventWithId(id));
        const dropsAtHigher = createSampleTest(Math.max(left, right))(eventWithId(id));
        expect(createSampleTest(Math.min(left, right))(eventWithId(id))).toBe(dropsAtLower);
        expect(dropsAtHigher && !dropsAtLower).toBe(false);
      }),
    );
  });

  test('is frozen: a new version keeps what this one kept', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `id-${index}`);
    const kept = ids.filter((id) => !createSampleTest(0.2)(eventWithId(id)));
    expect(kept).toEqual(['id-1', 'id-8', 'id-10', 'id-11', 'id-21', 'id-23', 'id-30', 'id-34', 'id-36', 'id-39']);
  });
});
