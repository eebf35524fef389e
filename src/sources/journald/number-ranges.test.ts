import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type NumberRange, NumberRanges } from './number-ranges.ts';

const anyRange = fc.tuple(fc.nat(30), fc.nat(10)).map(([from, more]): NumberRange => ({ from, to: from + more }));

const numbersOf = ({ from, to }: NumberRange): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('what is outside of some ranges is each number of the range that none of them has, once, in order', () => {
  fc.assert(
    fc.property(fc.array(anyRange), anyRange, (added, range) => {
      const ranges = new NumberRanges();
      for (const each of added) ranges.add(each);
      const taken = new Set(added.flatMap(numbersOf));
      expect(ranges.outside(range).flatMap(numbersOf)).toEqual(numbersOf(range).filter((one) => !taken.has(one)));
    }),
  );
});
