import { describe, expect, test } from '@jest/globals';
import { RateMeter } from './rate-meter.ts';

const minute = 60_000;

/** Counts `count` a second for a while. */
const run = (meter: RateMeter, count: number, fromMs: number, toMs: number): void => {
  for (let nowMs = fromMs; nowMs < toMs; nowMs += 1000) meter.add(count, nowMs + 1000);
};

describe('RateMeter', () => {
  test('knows a steady rate from the first seconds on', () => {
    const meter = new RateMeter(0);
    run(meter, 500, 0, 5000);
    expect(meter.perSecond(5000)).toBeGreaterThan(480);
    expect(meter.perSecond(5000)).toBeLessThan(550);
    run(meter, 500, 5000, 10 * minute);
    expect(Math.abs(meter.perSecond(10 * minute) - 500)).toBeLessThan(5);
  });

  test('forgets within minutes, and is 0 where nothing ever came', () => {
    const meter = new RateMeter(0);
    expect(meter.perSecond(0)).toBe(0);
    run(meter, 500, 0, 10 * minute);
    expect(meter.perSecond(11 * minute)).toBeLessThan(200);
    expect(meter.perSecond(20 * minute)).toBeLessThan(0.1);
  });
});
