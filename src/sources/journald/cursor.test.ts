import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { some } from '../../../test/support/some.ts';
import { cursorTimeUs, entriesBetween, parseCursor, seekByTime, seekPast } from './cursor.ts';

const text =
  's=d4d7d72f34c84e298f535b45c2796588;i=f9;b=f0abb46a847f4eb58cc18477fc3a1563;m=642af563;t=660dc4b7200bf;x=ce53f9f69a2a0f13';

const parsed = some(parseCursor(text));

describe('a journal cursor', () => {
  test('is taken apart', () => {
    expect(parsed).toEqual({
      sequenceId: 'd4d7d72f34c84e298f535b45c2796588',
      sequence: 249,
      bootId: 'f0abb46a847f4eb58cc18477fc3a1563',
      monotonicUs: '642af563',
      realtimeUs: '660dc4b7200bf',
      xorHash: 'ce53f9f69a2a0f13',
    });
    expect(cursorTimeUs(parsed)).toBe(1_795_349_135_098_047);
  });

  test('may have more keys than are known', () => {
    expect(parseCursor(`${text};z=1`)).toEqual(parsed);
  });

  test('is not taken when anything of it is gone', () => {
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), (length) => {
        const cut = text.slice(0, length);
        // A hash of fewer digits is one, too: hashes are not padded.
        fc.pre(!/;x=[0-9a-f]+$/.test(cut));
        expect(parseCursor(cut)).toBeUndefined();
      }),
    );
  });

  test.each(['', ' ', 'foo=1', `${text} `, ` ${text}`, text.replace('i=f9', 'i=zz'), text.toUpperCase()])(
    'is not %j',
    (garbled) => {
      expect(parseCursor(garbled)).toBeUndefined();
    },
  );

  test('gives places to seek to', () => {
    expect(seekByTime(parsed)).toBe('b=f0abb46a847f4eb58cc18477fc3a1563;m=642af563;t=660dc4b7200bf');
    expect(seekPast(parsed, 2)).toBe(`s=d4d7d72f34c84e298f535b45c2796588;i=fb;${seekByTime(parsed)}`);
  });

  test('counts entries within one counter only', () => {
    const later = text.replace('i=f9', 'i=100');
    expect(entriesBetween(text, later)).toBe(7);
    expect(entriesBetween(text, text)).toBe(0);
    expect(entriesBetween(later, text)).toBeUndefined();
    expect(entriesBetween(text, later.replace('s=d', 's=e'))).toBeUndefined();
    expect(entriesBetween('garbled', later)).toBeUndefined();
  });
});
