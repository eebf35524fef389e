import { describe, expect, test } from '@jest/globals';
import type { SourceCapacity } from '../sdk/source-capacity.ts';
import { queueStatusOf } from './queue-status.ts';
import { secondsUntilLoss, type LossQuestion } from './seconds-until-loss.ts';

const nowUs = 1_795_326_000_000_000;
const hourUs = 3_600_000_000;
const mebibyte = 1024 ** 2;

/** Ten files of a MiB, one an hour, the newest of them full; 20 MiB may be held. */
const segments = Array.from({ length: 10 }, (_, index) => ({
  firstUs: nowUs - (10 - index) * hourUs,
  lastUs: nowUs - (9 - index) * hourUs - 1,
  bytes: mebibyte,
  writtenBytes: mebibyte,
}));
const capacity: SourceCapacity = {
  persistent: true,
  usedBytes: 10 * mebibyte,
  maxBytes: 20 * mebibyte,
  maxSegmentBytes: mebibyte,
  maxRetentionMs: undefined,
  oldestUs: nowUs - 10 * hourUs,
  newestUs: nowUs - 1,
  segments,
};

const question: LossQuestion = {
  settings: { window: undefined, outsideWindow: 'restamp' },
  waitsSinceUs: nowUs - 10 * hourUs,
  capacity,
  nowUs,
};
const hoursOf = (seconds: number | string | undefined): number => Math.round((Number(seconds) / 3600) * 10) / 10;

describe('the time until a destination loses lines', () => {
  test('is that until the source removes its oldest line', () => {
    expect(hoursOf(secondsUntilLoss(question))).toBe(10);
    expect(hoursOf(secondsUntilLoss({ ...question, waitsSinceUs: nowUs - 4.5 * hourUs }))).toBe(15);
  });

  test('is that of the newest line when it has all', () => {
    expect(hoursOf(secondsUntilLoss({ ...question, waitsSinceUs: undefined }))).toBe(19);
  });

  test('is 0 when the source does not hold its oldest line any more', () => {
    expect(secondsUntilLoss({ ...question, waitsSinceUs: nowUs - 11 * hourUs })).toBe(0);
  });

  test('is that until the service takes a line no more, where it is dropped then', () => {
    const settings = { window: { pastMs: 12 * 3_600_000, futureMs: 0 }, outsideWindow: 'drop' } as const;
    expect(hoursOf(secondsUntilLoss({ ...question, settings }))).toBe(2);
    expect(secondsUntilLoss({ ...question, settings: { ...settings, window: { pastMs: 0, futureMs: 0 } } })).toBe(0);
    expect(hoursOf(secondsUntilLoss({ ...question, settings: { ...settings, outsideWindow: 'restamp' } }))).toBe(10);
    expect(hoursOf(secondsUntilLoss({ ...question, settings, waitsSinceUs: undefined }))).toBe(12);
  });

  test('is not known where the limits of the source are not, or it is too young', () => {
    expect(secondsUntilLoss({ ...question, capacity: { ...capacity, maxBytes: undefined } })).toBeUndefined();
    expect(secondsUntilLoss({ ...question, capacity: { ...capacity, segments: [] } })).toBeUndefined();
  });

  test('is never where nothing is ever removed', () => {
    expect(secondsUntilLoss({ ...question, capacity: { ...capacity, maxBytes: Infinity } })).toBe('never');
  });
});

describe('a source as a queue', () => {
  test('holds a line for the time in which it is filled, less a file', () => {
    expect(queueStatusOf(capacity)).toMatchObject({
      usedBytes: 10 * mebibyte,
      maxBytes: 20 * mebibyte,
      persistent: true,
    });
    expect(hoursOf(queueStatusOf(capacity)?.capacitySeconds)).toBe(19);
  });

  test('holds it for ever, or nobody knows how long', () => {
    expect(queueStatusOf({ ...capacity, maxBytes: Infinity })?.capacitySeconds).toBe('unlimited');
    expect(queueStatusOf({ ...capacity, segments: [] })?.capacitySeconds).toBeUndefined();
    expect(queueStatusOf(undefined)).toBeUndefined();
  });
});
