import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { differences } from './differences.ts';

describe('differences', () => {
  test('are none between any value and itself, nor where a map has more than is expected', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (value, more) => {
          const got = JSON.parse(JSON.stringify({ ...more, ...value }));
          expect([...differences(JSON.parse(JSON.stringify(value)), got)]).toEqual([]);
        },
      ),
    );
  });

  test.each([
    [{ a: { b: 1 } }, { a: { b: 2 } }, ['a', 'b']],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 3, c: 4 }] }, ['a', 1, 'b']],
    [{ a: [1] }, { a: [1, 2] }, ['a']],
    [{ a: {} }, { a: [] }, ['a']],
    [{ toString: 1 }, {}, ['toString']],
    [{ a: null }, { a: 0 }, ['a']],
  ])('between %j and %j are found', (expected, got, path) => {
    expect([...differences(expected, got)].map((difference) => difference.path)).toEqual([path]);
  });

  test('null fits what is missing', () => {
    expect([...differences({ a: null, b: null }, { b: null })]).toEqual([]);
  });
});
