import { describe, expect, test } from '@jest/globals';
import { parseRetryAfter } from './retry-after.ts';

const nowMs = Date.UTC(2026, 10, 22, 5, 40, 0);

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['120', 120_000],
    ['999999999', 3_600_000],
    ['Sun, 22 Nov 2026 05:40:30 GMT', 30_000],
    ['Sunday, 22-Nov-26 05:40:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 05:39:00 GMT', 0],
    ['Mon, 01 Jan 2035 00:00:00 GMT', 3_600_000],
  ])('%j means to wait %d milliseconds', (header, waitMs) => {
    expect(parseRetryAfter(header, nowMs)).toBe(waitMs);
  });

  test.each([undefined, '', 'soon', '-5', '1.5', '1e3', '120s', '2026-11-22', 'NaN'])('%j means nothing', (header) => {
    expect(parseRetryAfter(header, nowMs)).toBeUndefined();
  });
});
