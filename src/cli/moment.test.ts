import { describe, expect, test } from '@jest/globals';
import { parseMoment } from './moment.ts';

/** In local time, so that the test means the same wherever it runs. */
const now = new Date(2026, 10, 25, 14, 30).getTime();

describe('A moment', () => {
  test.each([
    ['now', new Date(2026, 10, 25, 14, 30)],
    ['2h', new Date(2026, 10, 25, 12, 30)],
    ['1d', new Date(2026, 10, 24, 14, 30)],
    ['2d1h20m', new Date(2026, 10, 23, 13, 10)],
    ['13:10', new Date(2026, 10, 25, 13, 10)],
    ['9:05', new Date(2026, 10, 25, 9, 5)],
    ['14:30:00', new Date(2026, 10, 25, 14, 30)],
    ['15:00', new Date(2026, 10, 24, 15, 0)],
    ['today', new Date(2026, 10, 25)],
    ['yesterday', new Date(2026, 10, 24)],
    ['2026-11-22', new Date(2026, 10, 22)],
    ['2026-11-22 05:40', new Date(2026, 10, 22, 5, 40)],
    ['2013-01-02T13:23:37', new Date(2013, 0, 2, 13, 23, 37)],
    ['2026-11-22T05:40:00Z', new Date('2026-11-22T05:40:00Z')],
    ['2026-11-22T06:40:00.5+01:00', new Date('2026-11-22T05:40:00.5Z')],
  ])('may be written as %s', (text, expected) => {
    expect(parseMoment(text, now)).toBe(expected.getTime());
  });

  test.each(['', 'tomorrow', '25:00', '13:60', '20 lines', 'beginning', '2026-13-01', '2026-11-22T25:00', '2', '-2h'])(
    'is not meant by %j',
    (text) => {
      expect(parseMoment(text, now)).toBeUndefined();
    },
  );
});
