import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type EntryIndex, findIndex } from './find-index.ts';
import { atNumber } from './location.ts';
import { unknownBoots } from './order.ts';

const counter = '1'.repeat(32);

/** Entries numbered from 1, some of which can't be read. */
const fileWithout = (entries: number, unreadable: ReadonlySet<number>): EntryIndex => ({
  entries,
  sequenceId: counter,
  positionAt: (index) =>
    unreadable.has(index + 1)
      ? undefined
      : { sequence: index + 1, realtimeUs: index, monotonicUs: index, bootId: 'b', hashHigh: 0, hashLow: 0 },
});

test('a number is found where entries before it, or all behind it, can not be read', () => {
  const damage = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 40 });
  fc.assert(
    fc.property(damage, fc.integer({ min: 1, max: 200 }), fc.nat({ max: 60 }), (before, wanted, behind) => {
      const unreadable = new Set(before.filter((number) => number < wanted));
      for (let number = wanted + 1; number <= wanted + behind; number += 1) unreadable.add(number);
      const found = findIndex(fileWithout(wanted + behind, unreadable), atNumber(counter, wanted), unknownBoots);
      const numbersTo = Array.from({ length: wanted }, (_, index) => index + 1);
      expect(numbersTo.slice(found).filter((number) => !unreadable.has(number))).toEqual([wanted]);
    }),
  );
});
