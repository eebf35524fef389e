import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { KeyLoads } from './key-loads.ts';

interface Item {
  readonly key: string;
  readonly bytes: number;
}

const sumOf = (items: readonly Item[]): number => items.reduce((sum, { bytes }) => sum + bytes, 0);

test('what is held of each key is what came and did not go', () => {
  const steps = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      bytes: fc.integer({ min: 1, max: 9 }),
      gone: fc.nat({ max: 3 }),
    }),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const loads = new KeyLoads();
      const held: Item[] = [];
      const of = (name: string): readonly Item[] => held.filter(({ key }) => key === name);
      for (const { key, bytes, gone } of all) {
        held.push({ key, bytes });
        loads.add(key, bytes);
        const leaving = of(key).slice(0, gone);
        loads.remove(key, leaving.length, sumOf(leaving));
        for (const item of leaving) held.splice(held.indexOf(item), 1);
        for (const name of ['a', 'b', 'c']) expect(loads.bytesOf(name)).toBe(sumOf(of(name)));
        expect(loads.bytes).toBe(sumOf(held));
        expect(loads.names().toSorted()).toEqual([...new Set(held.map((each) => each.key))].toSorted());
        expect(loads.heaviest?.bytes ?? 0).toBe(Math.max(0, ...loads.names().map((name) => sumOf(of(name)))));
      }
    }),
  );
});
