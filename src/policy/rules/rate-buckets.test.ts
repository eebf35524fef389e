import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RateBuckets, type RateLimit } from './rate-buckets.ts';

const secondUs = 1e6;

/** What a bucket keeps of events at these times, in microseconds. */
const keptOf = (timesUs: readonly number[], limit: RateLimit): readonly boolean[] => {
  const buckets = new RateBuckets(limit);
  return timesUs.map((timeUs) => buckets.take('service', 'stream', timeUs));
};

/** By the definition: between any kept event and this one, both counted, no more than a burst and what came since. */
const conforms = (keptUs: readonly number[], nowUs: number, { burst, intervalUs }: RateLimit): boolean =>
  keptUs.every((sinceUs, index) => {
    const count = BigInt(keptUs.length - index + 1);
    return count * BigInt(intervalUs) <= BigInt(burst) * (BigInt(intervalUs) + BigInt(nowUs - sinceUs));
  });

const expectedOf = (timesUs: readonly number[], limit: RateLimit): readonly boolean[] => {
  const keptUs: number[] = [];
  return timesUs.map((nowUs) => {
    const isKept = conforms(keptUs, nowUs, limit);
    if (isKept) keptUs.push(nowUs);
    return isKept;
  });
};

const sum = (gapsUs: readonly number[]): readonly number[] => {
  let timeUs = Date.UTC(2026, 10, 22) * 1000;
  return gapsUs.map((gapUs) => (timeUs += gapUs));
};

const anyLimit: fc.Arbitrary<RateLimit> = fc.oneof(
  fc.record({ burst: fc.integer({ min: 1, max: 5 }), intervalUs: fc.integer({ min: 1000, max: 10_000 }) }),
  fc.record({ burst: fc.integer({ min: 1, max: 1_000_000 }), intervalUs: fc.integer({ min: 1000, max: 3600 * 1e6 }) }),
);
const anyTimes = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5000 }), fc.nat(3600 * 1e6)), { maxLength: 60 })
  .map(sum);

describe('a bucket', () => {
  test('keeps exactly what its limit allows in every stretch of time', () => {
    fc.assert(
      fc.property(anyLimit, anyTimes, (limit, timesUs) => {
        expect(keptOf(timesUs, limit)).toEqual(expectedOf(timesUs, limit));
      }),
      { numRuns: 1000 },
    );
  });

  test('never loses a part of a token to rounding', () => {
    const limit = { burst: 3, intervalUs: 10 * secondUs };
    const timesUs = Array.from({ length: 1000 }, (_, index) => Math.ceil((index * limit.intervalUs) / limit.burst));
    expect(keptOf(timesUs, limit)).not.toContain(false);
  });

  test('is of one service and stream: what others send changes nothing', () => {
    const anyOrigin = fc.constantFrom(['a', 'b'], ['a', 'c'], ['', 'ab'], ['ab', ''], ['a', ''] as const);
    fc.assert(
      fc.property(anyLimit, fc.array(fc.tuple(anyOrigin, fc.nat(5000))), (limit, sent) => {
        const timesUs = sum(sent.map(([, gapUs]) => gapUs));
        const buckets = new RateBuckets(limit);
        const kept = sent.map(([[service = '', stream = '']], index) =>
          buckets.take(service, stream, timesUs[index] ?? 0),
        );
        for (const origin of new Set(sent.map(([one]) => one))) {
          const own = sent.flatMap(([one], index) => (one === origin ? [index] : []));
          const alone = keptOf(
            own.map((index) => timesUs[index] ?? 0),
            limit,
          );
          expect(own.map((index) => kept[index])).toEqual(alone);
        }
      }),
    );
  });

  test('takes a time that is a little back for the same moment, and goes on after a clock was set back', () => {
    const limit = { burst: 1, intervalUs: 10 * secondUs };
    const seconds = (...times: readonly number[]) => times.map((time) => time * secondUs);
    expect(keptOf(seconds(100, 95, 100, 105, 110), limit)).toEqual([true, false, false, false, true]);
    expect(keptOf(seconds(1000, 100, 105, 110), limit)).toEqual([true, false, false, true]);
  });

  test('that is forgotten for others is full again; there are never more than so many', () => {
    const buckets = new RateBuckets({ burst: 1, intervalUs: 3600 * secondUs });
    const isKept = (stream: string): boolean => buckets.take('service', stream, 0);
    expect([isKept('first'), isKept('first')]).toEqual([true, false]);
    const used = Array.from({ length: 12 }, (_, block) => {
      for (let index = 0; index < 1000; index += 1) isKept(`stream ${block}/${index}`);
      return isKept('used');
    });
    expect(used).toEqual([true, ...Array<boolean>(11).fill(false)]);
    expect(buckets.size).toBeLessThanOrEqual(10_000);
    expect(isKept('first')).toBe(true);
  });
});
