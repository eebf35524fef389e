import { describe, expect, test } from '@jest/globals';
import { Pace } from './pace.ts';

const soon = (): Promise<void> => Promise.resolve();

describe('a pace', () => {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonic: () => nowMs, sleep: soon, nextTurn: soon };

  test('gives a burst at once, then one turn per interval', () => {
    const pace = new Pace({ burst: 3, perSecond: 10 }, clock);
    expect(Array.from({ length: 6 }, () => pace.reserve())).toEqual([0, 0, 0, 100, 200, 300]);
  });

  test('saves up no more than a burst', () => {
    const pace = new Pace({ burst: 2, perSecond: 10 }, clock);
    pace.reserve();
    nowMs += 3_600_000;
    expect(Array.from({ length: 3 }, () => pace.reserve())).toEqual([0, 0, 100]);
  });

  test('turns that were reserved are waited for by those who come later', () => {
    const pace = new Pace({ burst: 1, perSecond: 10 }, clock);
    expect([pace.reserve(), pace.reserve()]).toEqual([0, 100]);
    nowMs += 50;
    expect(pace.reserve()).toBe(150);
  });
});
