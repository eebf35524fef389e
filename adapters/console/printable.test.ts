import { describe, expect, test } from '@jest/globals';
import { printable } from './printable.ts';

describe('printable', () => {
  test.each(['plain text', 'tab\tkept', 'caf\u00e9 \u4e2d\u6587 \u{1f600}', 'no [31m escape'])(
    'leaves %j alone',
    (text) => {
      expect(printable(text)).toBe(text);
    },
  );

  test('takes colours out', () => {
    expect(printable('\u001b[1;31mred\u001b[0m and \u009b38:5:9mred')).toBe('red and red');
  });

  test.each([
    ['a window title', '\u001b]0;owned\u0007', String.raw`\x1b]0;owned\x07`],
    ['clearing the screen', '\u001b[2J', String.raw`\x1b[2J`],
    ['an eight-bit control sequence', '\u009b2J', String.raw`\x1b[2J`],
    ['a carriage return', 'ok\rFAKE', String.raw`ok\x0dFAKE`],
    ['a bidirectional override', '\u202egpj.exe', String.raw`\u202egpj.exe`],
    ['a line separator', 'a\u2028b', String.raw`a\u2028b`],
    ['delete', '\u007f', String.raw`\x7f`],
    ['a sequence that taking colours out would form', '\u001b\u001b[0m[2J', String.raw`\x1b[2J`],
  ])('spells %s', (_, hostile, shown) => {
    expect(printable(hostile)).toBe(shown);
  });
});
