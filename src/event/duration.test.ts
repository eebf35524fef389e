import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { duration, parseDuration } from './duration.ts';

describe('a duration', () => {
  test.each([
    ['250ms', 250],
    ['0s', 0],
    ['5s', 5000],
    ['1.5m', 90_000],
    ['1h30m', 5_400_000],
    ['30d', 2_592_000_000],
    ['1w', 604_800_000],
    ['1m1ms', 60_001],
  ])('%s is %d milliseconds', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(duration().parse(text)).toBe(ms);
  });

  test.each([
    '',
    '5',
    's',
    '5 s',
    '-5s',
    '+5s',
    '5S',
    '1.s',
    '.5s',
    '1,5s',
    '5sec',
    '1e3s',
    '5s\n',
    '9'.repeat(20) + 's',
  ])('%j is refused, with an example', (text) => {
    expect(parseDuration(text)).toBeUndefined();
    expect(duration().safeParse(text).error?.issues[0]?.message).toContain('as 250ms, 5s or 1h30m');
  });

  test.each([5, null, true])('%j has no unit', (value) => {
    expect(duration().safeParse(value).success).toBe(false);
  });

  test('adds up its parts', () => {
    const nat = fc.nat(10_000);
    fc.assert(
      fc.property(nat, nat, nat, nat, (hours, minutes, seconds, ms) => {
        const total = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
        expect(parseDuration(`${hours}h${minutes}m${seconds}s${ms}ms`)).toBe(total);
      }),
    );
  });
});
