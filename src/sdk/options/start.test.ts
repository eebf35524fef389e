import { describe, expect, test } from '@jest/globals';
import { parseStart, start } from './start.ts';

describe('start', () => {
  test.each([
    ['now', { kind: 'now' }],
    ['beginning', { kind: 'beginning' }],
    ['1h30m', { kind: 'ago', ms: 5_400_000 }],
    ['20 lines', { kind: 'last', records: 20 }],
    ['1 line', { kind: 'last', records: 1 }],
    ['2026-11-22T05:40:00Z', { kind: 'since', timeUs: 1_795_326_000_000_000 }],
    ['2026-11-22T06:40:00+01:00', { kind: 'since', timeUs: 1_795_326_000_000_000 }],
  ])('reads %s', (text, expected) => {
    expect(parseStart(text)).toEqual(expected);
  });

  test.each(['', '20', 'lines', '2026-11-22', '2026-11-22T05:40:00', '2026-13-45T05:40:00Z', 'yesterday'])(
    'refuses %j and says what it wants',
    (text) => {
      const parsed = start().safeParse(text);
      expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([
        'expected now, beginning, a duration as 1h, a number of lines as "20 lines", or a time as 2026-11-22T05:40:00Z',
      ]);
    },
  );
});
