import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatTimeMs, formatTimeUs } from './time.ts';

test('a time is RFC 3339 in UTC with microseconds', () => {
  expect(formatTimeUs(Date.UTC(2026, 10, 22, 5, 40) * 1000 + 123_456)).toBe('2026-11-22T05:40:00.123456Z');
  expect(formatTimeUs(0)).toBe('1970-01-01T00:00:00.000000Z');
  expect(formatTimeUs(-1)).toBe('1969-12-31T23:59:59.999999Z');
});

test('a time before and after another second is still its own', () => {
  const times = [1_000_001, 2_000_001, 1_000_001, 999_999].map(formatTimeUs);
  expect(times.map((text) => text.slice(17))).toEqual(['01.000001Z', '02.000001Z', '01.000001Z', '00.999999Z']);
});

test('texts are read back as the same time, and sort as times do', () => {
  const times = fc.integer({ min: 0, max: Date.UTC(9999, 0) * 1000 });
  fc.assert(
    fc.property(times, times, (one, other) => {
      const text = formatTimeUs(one);
      expect(Date.parse(`${text.slice(0, 19)}Z`) * 1000 + Number(text.slice(20, 26))).toBe(one);
      expect(text < formatTimeUs(other)).toBe(one < other);
    }),
  );
});

test('a time with milliseconds is cut, as dates are', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (timeUs) => {
      expect(formatTimeMs(timeUs)).toBe(new Date(Math.floor(timeUs / 1000)).toISOString());
    }),
  );
});
