import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { displayWidth, padLeft, padRight, truncate, wrap } from './columns.ts';
import { formatBytes, formatCount, formatDuration, formatRate } from './figures.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 60 });

describe('columns', () => {
  test('are as wide as asked for, whatever stands in them', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, width) => {
        expect(displayWidth(padRight(text, width))).toBe(width);
        expect(displayWidth(padLeft(text, width))).toBe(width);
      }),
    );
  });

  test.each([
    ['billing', 7],
    ['支払い', 6],
    ['cafe\u0301', 4],
    ['🚀', 2],
    ['', 0],
  ])('%j takes %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('say where text was cut', () => {
    expect(truncate('billing-service', 8)).toBe('billing…');
    expect(truncate('billing', 7)).toBe('billing');
    expect(truncate('支払い', 4)).toBe('支…');
  });

  test('break text between words, and lose none', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('unbreakable x', 6)).toEqual(['unbre…', 'x']);
    expect(wrap('', 6)).toEqual(['']);
  });
});

describe('figures', () => {
  test.each([
    [0, '0'],
    [12_345, '12,345'],
    [999_999, '999,999'],
    [12_345_678, '12.3M'],
    [1_234_567_890, '1.23G'],
    [-3, '-3'],
  ])('counts %i as %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  test.each([
    [0, '0 s'],
    [1.5, '1.5 s'],
    [119, '119 s'],
    [11 * 60 + 5, '11 min'],
    [7500, '2 h 05'],
    [4 * 86_400 + 7 * 3600, '4 d 07 h'],
  ])('lets %i seconds be %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('give bytes and rates in a few characters', () => {
    expect([512, 4096, 4.2 * 1024 ** 3, 128 * 1024 ** 2].map(formatBytes)).toEqual([
      '512 B',
      '4.0 KiB',
      '4.2 GiB',
      '128 MiB',
    ]);
    expect([0, 0.42, 12.4, 5000].map(formatRate)).toEqual(['0', '0.4', '12', '5,000']);
  });
});
