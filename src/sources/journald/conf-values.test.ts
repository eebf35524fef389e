import { describe, expect, test } from '@jest/globals';
import { parseConfSize, parseConfTimeSpan } from './conf-values.ts';

describe('a size in journald.conf', () => {
  test.each([
    ['500M', 500 * 1024 ** 2],
    ['4G', 4 * 1024 ** 3],
    ['1.5K', 1536],
    ['1048576', 1_048_576],
    ['8 M', 8 * 1024 ** 2],
    ['10GB', 10 * 1024 ** 3],
  ])('%s is %i bytes', (text, bytes) => {
    expect(parseConfSize(text)).toBe(bytes);
  });

  test.each(['', 'much', '-1M', '5X', '1G 5', '10%'])('is not %j', (text) => {
    expect(parseConfSize(text)).toBeUndefined();
  });
});

describe('a time span in journald.conf', () => {
  test.each([
    ['90', 90_000],
    ['1month', 30.44 * 86_400_000],
    ['2week 3day', 17 * 86_400_000],
    ['1h30min', 5_400_000],
    ['0', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseConfTimeSpan(text)).toBe(ms);
  });

  test.each(['', 'soon', '5 fortnights', '-1h'])('is not %j', (text) => {
    expect(parseConfTimeSpan(text)).toBeUndefined();
  });
});
