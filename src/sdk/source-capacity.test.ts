import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fillRate, msUntilLoss, queueCapacityMs, type SourceCapacity, type SourceSegment } from './source-capacity.ts';

const second = 1e6;
const startUs = 1_800_000_000 * second;

/** Segments one after another: bytes each, and how long each took to fill. */
const capacityOf = (
  sizes: readonly (readonly [bytes: number, seconds: number])[],
  limits: Partial<SourceCapacity> = {},
): SourceCapacity => {
  const segments: SourceSegment[] = [];
  let atUs = startUs;
  for (const [bytes, seconds] of sizes) {
    segments.push({ firstUs: atUs, lastUs: atUs + seconds * second - 1, bytes, writtenBytes: bytes });
    atUs += seconds * second;
  }
  return {
    persistent: true,
    usedBytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    maxBytes: 1000,
    maxSegmentBytes: 100,
    maxRetentionMs: undefined,
    oldestUs: startUs,
    newestUs: atUs,
    segments,
    ...limits,
  };
};

const at = (seconds: number): number => startUs + seconds * second;

describe('the rate at which a source fills', () => {
  test('is that of its newest segments, a minute of them', () => {
    expect(
      fillRate(
        capacityOf([
          [100, 86_400],
          [100, 100],
          [100, 50],
          [100, 50],
        ]),
      ),
    ).toBe(2);
  });

  test('counts what is written of a segment, not what it takes', () => {
    const open = { firstUs: startUs, lastUs: at(100), bytes: 8000, writtenBytes: 500 };
    expect(fillRate({ ...capacityOf([[8000, 100]]), segments: [open] })).toBe(5);
  });

  test('is that of all there is where that is less than a minute, and not known of an instant', () => {
    expect(
      fillRate(
        capacityOf([
          [100, 10],
          [100, 10],
        ]),
      ),
    ).toBe(10);
    expect(fillRate(capacityOf([[100, 0.5]]))).toBeUndefined();
  });
});

describe('how long a source holds a record', () => {
  test('is what it may hold but for one segment, at the rate given', () => {
    expect(queueCapacityMs(capacityOf([[100, 10]]), 3)).toBe(300_000);
  });

  test('is its retention where that is less', () => {
    expect(queueCapacityMs(capacityOf([[100, 10]], { maxRetentionMs: 60_000 }), 3)).toBe(60_000);
    expect(queueCapacityMs(capacityOf([[100, 10]], { maxRetentionMs: 60_000, maxBytes: undefined }), 3)).toBe(60_000);
  });

  test('has no end where nothing comes, and is not known without limits', () => {
    expect(queueCapacityMs(capacityOf([[100, 10]]), 0)).toBe(Infinity);
    expect(queueCapacityMs(capacityOf([[100, 10]], { maxBytes: undefined }), 3)).toBeUndefined();
  });
});

describe('the time until a record is lost', () => {
  const quiet = capacityOf([
    [100, 1000],
    [100, 1000],
    [50, 1000],
  ]);

  test('is that until its segment and all newer ones are more than may be held', () => {
    expect(msUntilLoss(quiet, at(0), 10, at(3000))).toBe(75_000);
    expect(msUntilLoss(quiet, at(999), 10, at(3000))).toBe(75_000);
    expect(msUntilLoss(quiet, at(1000), 10, at(3000))).toBe(85_000);
    expect(msUntilLoss(quiet, at(2500), 10, at(3000))).toBe(95_000);
  });

  test('counts what a flood put behind it, however short it was', () => {
    const flooded = capacityOf([
      [10, 86_400],
      [950, 10],
    ]);
    expect(msUntilLoss(flooded, at(86_400), 100, at(86_410))).toBe(500);
  });

  test('counts segments that overlap in time, as those of several users', () => {
    const { segments, ...rest } = capacityOf([[100, 1000]]);
    const users = [...segments, { firstUs: at(100), lastUs: at(900), bytes: 300, writtenBytes: 300 }];
    expect(msUntilLoss({ ...rest, segments: users }, at(950), 10, at(1000))).toBe(60_000);
  });

  test('is none where it may be lost already', () => {
    expect(msUntilLoss(quiet, at(-1), 10, at(3000))).toBe(0);
    expect(
      msUntilLoss(
        capacityOf([
          [600, 10],
          [600, 10],
        ]),
        at(0),
        10,
        at(20),
      ),
    ).toBe(0);
  });

  test('is that until its segment is too old where that is nearer', () => {
    const kept = { ...quiet, maxRetentionMs: 3_600_000 };
    expect(msUntilLoss(kept, at(1500), 0.1, at(3000))).toBe(1_600_000);
    expect(msUntilLoss(kept, at(1500), 0.1, at(9000))).toBe(0);
  });

  test('is not to come where nothing is written, and not known without limits', () => {
    expect(msUntilLoss(quiet, at(0), 0, at(3000))).toBe(Infinity);
    expect(msUntilLoss({ ...quiet, maxBytes: undefined }, at(0), 10, at(3000))).toBeUndefined();
  });

  test('is never less for a newer record', () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 1000 })), {
      minLength: 1,
      maxLength: 8,
    });
    const seconds = fc.integer({ min: 0, max: 8000 });
    fc.assert(
      fc.property(sizes, seconds, seconds, (each, one, other) => {
        const capacity = capacityOf(each, { maxRetentionMs: 5_000_000 });
        const older = msUntilLoss(capacity, at(Math.min(one, other)), 7, at(8000)) ?? 0;
        const newer = msUntilLoss(capacity, at(Math.max(one, other)), 7, at(8000)) ?? 0;
        expect(newer).toBeGreaterThanOrEqual(older);
      }),
    );
  });
});
