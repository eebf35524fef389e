import { describe, expect, test } from '@jest/globals';
import { nearestName } from './nearest-name.ts';

const names = ['service', 'stream', 'source', 'level', 'container'];

describe('the nearest name', () => {
  test.each([
    ['sevice', 'service'],
    ['LEVEL', 'level'],
    ['containre', 'container'],
    ['lveel', 'level'],
    ['lvl', undefined],
    ['levels', 'level'],
    ['', undefined],
    ['message', undefined],
    ['x'.repeat(100_000), undefined],
  ])('of %j is %j', (given, expected) => {
    expect(nearestName(given, names)).toBe(expected);
  });
});
