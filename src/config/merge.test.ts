import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import type { ConfigNode, MapNode } from './config-node.ts';
import type { Complaint } from './finding.ts';
import { merge } from './merge.ts';
import { parseYaml } from './parse-yaml.ts';

type Plain = string | readonly Plain[] | { readonly [key: string]: Plain };

const rootOf = (value: Plain): MapNode => {
  const { root } = parseYaml({ path: 'test.yaml', text: stringify(value) });
  if (root === undefined) throw new Error('the test is no map');
  return root;
};

const plain = (node: ConfigNode): Plain => {
  if (node.kind === 'scalar') return node.text;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
};

const tree = fc.letrec<{ readonly value: Plain; readonly map: Readonly<Record<string, Plain>> }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, fc.constantFrom('x', 'y'), fc.array(tie('value'), { maxLength: 3 }), tie('map')),
  map: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), tie('value'), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
}));

const complainNever = ({ message }: Complaint): void => {
  throw new Error(message);
};

const mergeAll = (values: readonly Readonly<Record<string, Plain>>[]) => {
  const complaints: string[] = [];
  const whole = values.map(rootOf).reduce((one, other) => merge(one, other, ({ message }) => complaints.push(message)));
  return { value: plain(whole), complaints };
};

describe('merge', () => {
  test('with nothing changes nothing', () => {
    fc.assert(
      fc.property(tree.map, (value) => {
        expect(mergeAll([value, {}])).toEqual({ value, complaints: [] });
        expect(mergeAll([{}, value])).toEqual({ value, complaints: [] });
      }),
    );
  });

  test('of parts without a common key is both', () => {
    fc.assert(
      fc.property(tree.map, tree.map, (one, other) => {
        const renamed = Object.fromEntries(Object.entries(other).map(([key, value]) => [`other-${key}`, value]));
        expect(mergeAll([one, renamed])).toEqual({ value: { ...one, ...renamed }, complaints: [] });
      }),
    );
  });

  test('does not depend on which two come together first, where nothing is there twice', () => {
    fc.assert(
      fc.property(tree.map, tree.map, tree.map, (one, two, three) => {
        const fromLeft = mergeAll([one, two, three]);
        fc.pre(fromLeft.complaints.length === 0);
        const later = mergeAll([two, three]);
        expect(later.complaints).toEqual([]);
        expect(plain(merge(rootOf(one), rootOf(later.value), complainNever))).toEqual(fromLeft.value);
      }),
    );
  });

  test('keeps every item of lists, in order', () => {
    expect(mergeAll([{ a: ['1', '2'] }, { a: ['3'] }, { a: ['1'] }])).toEqual({
      value: { a: ['1', '2', '3', '1'] },
      complaints: [],
    });
  });

  test('complains about every value that is there twice, and keeps the first', () => {
    expect(
      mergeAll([
        { a: 'x', b: { c: 'x' } },
        { a: 'y', b: { c: 'y', d: 'y' } },
      ]),
    ).toEqual({
      value: { a: 'x', b: { c: 'x', d: 'y' } },
      complaints: ['a is already set at test.yaml:1', 'b.c is already set at test.yaml:3'],
    });
  });
});
