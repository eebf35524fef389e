import { describe, expect, test } from '@jest/globals';
import { Pace } from './pace.ts';

describe('Pace', () => {
  test('halves requests and stretches ages when the destination throttles, within bounds', () => {
    const pace = new Pace(8);
    pace.slowDown();
    expect(pace.concurrency).toBe(4);
    expect(pace.stretch).toBeGreaterThan(1);
    for (let count = 0; count < 100; count += 1) pace.slowDown();
    expect(pace.concurrency).toBe(1);
    expect(pace.stretch).toBeLessThanOrEqual(12);
  });

  test('comes back slowly, to where it began and no further', () => {
    const pace = new Pace(8);
    for (let count = 0; count < 10; count += 1) pace.slowDown();
    pace.speedUp();
    expect(pace.concurrency).toBeLessThan(3);
    expect(pace.stretch).toBeGreaterThan(1);
    for (let count = 0; count < 1000; count += 1) pace.speedUp();
    expect(pace.concurrency).toBe(8);
    expect(pace.stretch).toBe(1);
  });
});
