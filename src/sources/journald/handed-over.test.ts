import { describe, expect, test } from '@jest/globals';
import { some } from '../../../test/support/some.ts';
import { parseCursor } from './cursor.ts';
import { HandedOver } from './handed-over.ts';
import { JournalPosition } from './position.ts';

const cursorOf = ({ counter = 'a', sequence = 5, time = '10', hash = '1' }): string =>
  `s=${counter.repeat(32)};i=${sequence.toString(16)};b=${'b'.repeat(32)};m=${time};t=${time};x=${hash}`;

/** Which of the entries are dropped after the one that all defaults describe. */
const dropped = (...entries: readonly Parameters<typeof cursorOf>[0][]): readonly boolean[] => {
  const handedOver = new HandedOver(parseCursor(cursorOf({})));
  return entries.map((entry) => handedOver.has(some(JournalPosition.parse(cursorOf(entry)))));
};

describe('what was handed over before', () => {
  test('is the entry of the cursor', () => {
    expect(dropped({}, { sequence: 6, time: '11' })).toEqual([true, false]);
  });

  test('is nothing when that entry is gone', () => {
    expect(dropped({ sequence: 6, time: '11' }, { sequence: 7, time: '12' })).toEqual([false, false]);
  });

  test('ends at the cursor among equal entries of one time', () => {
    expect(dropped({ sequence: 4 }, { sequence: 5 }, { sequence: 6 }, { sequence: 7 })).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('is found again in a file that numbers anew, and no equal entry after it', () => {
    expect(dropped({ counter: 'c', sequence: 900 }, { counter: 'c', sequence: 901 })).toEqual([true, false]);
  });

  test('is not another entry of the same time in another file', () => {
    expect(dropped({ counter: 'c', sequence: 4, hash: '2' }, {})).toEqual([false, true]);
  });

  test('is not an entry whose number was given again after a power loss', () => {
    expect(dropped({ sequence: 5, time: '99' })).toEqual([false]);
  });

  test('is nothing without a cursor', () => {
    expect(new HandedOver(undefined).has(some(JournalPosition.parse(cursorOf({}))))).toBe(false);
  });
});
