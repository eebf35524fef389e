import { describe, expect, test } from '@jest/globals';
import { type Sample, sustainedRate } from './sustained-rate.ts';

const entries = 100_000;

/** Starts for `startSeconds`, then lines come at `rate`, a batch at a time; the last one waits for `lastSeconds`. */
const sampled = (rate: number, batch: number, startSeconds: number, lastSeconds: number): readonly Sample[] => {
  const batches = entries / batch;
  const secondsOf = (index: number): number =>
    startSeconds + (index * batch) / rate + (index === batches ? lastSeconds : 0);
  const arrivals = Array.from({ length: batches }, (_, index) => secondsOf(index + 1));
  const looks = Array.from({ length: Math.ceil(secondsOf(batches) / 0.05) + 1 }, (_, index) => index * 0.05);
  return looks.map((seconds) => ({ seconds, events: batch * arrivals.filter((at) => at <= seconds).length }));
};

describe('the sustained rate', () => {
  test.each([
    [0, 0],
    [3, 0],
    [0.5, 5],
  ])('knows nothing of a start of %d s and a last batch that waits %d s', (startSeconds, lastSeconds) => {
    const rate = sustainedRate(sampled(20_000, 100, startSeconds, lastSeconds), entries);
    expect(rate).toBeGreaterThan(19_700);
    expect(rate).toBeLessThan(20_300);
  });

  test('is near the truth where lines come in large batches', () => {
    const rate = sustainedRate(sampled(20_000, 5000, 0.5, 5), entries);
    expect(rate).toBeGreaterThan(19_000);
    expect(rate).toBeLessThan(21_000);
  });

  test('is not known where arrivals were seen twice', () => {
    expect(sustainedRate(sampled(20_000, 50_000, 0, 0), entries)).toBeUndefined();
  });
});
