import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { IdSet } from './id-set.ts';

const length = 52;
const idOf = (name: number | string): Buffer => Buffer.from(String(name).padStart(length, '-'));

describe('the set of ids', () => {
  test('holds each of many ids once, however often they come', () => {
    const ids = new IdSet(length);
    const count = 20_000;
    for (const _ of ['once', 'again']) {
      for (let index = 0; index < count; index += 1) ids.add(idOf(index), 0);
      expect(ids.size).toBe(count);
    }
  });

  test('counts as a set of strings does', () => {
    const names = fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 52 }), { maxLength: 200 });
    fc.assert(
      fc.property(names, (all) => {
        const ids = new IdSet(length);
        for (const name of all) ids.add(idOf(name), 0);
        expect(ids.size).toBe(new Set(all.map((name) => idOf(name).toString())).size);
      }),
    );
  });

  test('tells ids apart that differ in any one character', () => {
    const ids = new IdSet(length);
    for (let at = 0; at < length; at += 1) ids.add(Buffer.from('-'.repeat(at).padEnd(length, 'a')), 0);
    expect(ids.size).toBe(length);
  });

  test('looks at the bytes from where the id begins', () => {
    const ids = new IdSet(length);
    ids.add(Buffer.concat([Buffer.from('before'), idOf('a'), Buffer.from('after')]), 6);
    ids.add(idOf('a'), 0);
    expect(ids.size).toBe(1);
  });
});
