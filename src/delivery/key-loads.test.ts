import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { KeyLoads, type Loaded } from './key-loads.ts';

class Item implements Loaded<Item> {
  readonly key: string;
  readonly heldBytes: number;
  load: Loaded<Item>['load'];
  previous: Item | undefined;
  next: Item | undefined;

  constructor(key: string, heldBytes: number) {
    this.key = key;
    this.heldBytes = heldBytes;
  }
}

const sumOf = (items: readonly Item[]): number => items.reduce((sum, { heldBytes }) => sum + heldBytes, 0);

test('what is held of each key is what came and did not go, in the order in which it came', () => {
  const steps = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      bytes: fc.integer({ min: 1, max: 9 }),
      gone: fc.nat({ max: 20 }),
    }),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const loads = new KeyLoads<Item>();
      const items: Item[] = [];
      const held = new Set<Item>();
      for (const { key, bytes, gone } of all) {
        const item = new Item(key, bytes);
        items.push(item);
        held.add(item);
        loads.add(item);
        const leaving = items[gone];
        if (leaving !== undefined) {
          held.delete(leaving);
          loads.delete(leaving);
        }
        const of = (name: string): readonly Item[] => [...held].filter((each) => each.key === name);
        for (const name of ['a', 'b', 'c']) {
          expect(loads.deliveriesOf(name)).toEqual(of(name));
          expect(loads.bytesOf(name)).toBe(sumOf(of(name)));
        }
        expect(loads.bytes).toBe(sumOf([...held]));
        expect(loads.names().toSorted()).toEqual([...new Set(Array.from(held, (each) => each.key))].toSorted());
      }
    }),
  );
});
