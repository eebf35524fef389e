import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { positionOf } from '../../test/support/events.ts';
import { Account } from '../ledger/account.ts';
import { unexplained } from '../ledger/balance.ts';
import { RecordEncoder } from './record-encoder.ts';
import { RecordSet } from './record-set.ts';
import { Settlement } from './settlement.ts';

const settlementOf = () => {
  const account = new Account([]);
  return { account, settlement: new Settlement(account) };
};

/** Ordinals of the first thousands that are saved as settled although older ones are not. */
const settledAbove = (settlement: Settlement): readonly number[] => {
  const encoder = new RecordEncoder();
  settlement.encodeSettledAbove(encoder);
  const set = RecordSet.decode(encoder.finish());
  return Array.from({ length: settlement.next }, (_, ordinal) => ordinal).filter((ordinal) =>
    set.has(positionOf(ordinal)),
  );
};

describe('Settlement', () => {
  test('moves the low-water mark only over records that are all settled', () => {
    const { settlement } = settlementOf();
    for (let sequence = 0; sequence < 4; sequence += 1) settlement.take(positionOf(sequence), 'billing');
    settlement.settle(2, 'billing', 'delivered');
    expect(settlement.safe).toBeUndefined();
    settlement.settle(0, 'billing', 'delivered');
    expect(settlement.safe?.cursor()).toBe('c0');
    settlement.settle(1, 'billing', 'sampled');
    expect(settlement.safe?.cursor()).toBe('c2');
    expect(settlement.oldestUnsettled?.cursor()).toBe('c3');
  });

  test('refuses to settle a record twice', () => {
    const { settlement } = settlementOf();
    settlement.take(positionOf(0), 'billing');
    settlement.settle(0, 'billing', 'delivered');
    expect(() => settlement.settle(0, 'billing', 'delivered')).toThrow('record 0 is not pending');
  });

  test('lets others settle what it set aside, and leaves what is nobody it serves', () => {
    const { settlement, account } = settlementOf();
    for (let sequence = 0; sequence < 3; sequence += 1) settlement.take(positionOf(sequence), 'billing');
    settlement.leave(1);
    settlement.setAside(2);
    expect(settledAbove(settlement)).toEqual([2]);
    expect(account.covered()).toMatchObject([{ service: 'billing', read: 1, settled: {} }]);
    settlement.settle(0, 'billing', 'delivered');
    expect(settlement.safe?.cursor()).toBe('c2');
  });

  test('saves the same, whether hashes were made before or not, and makes no more at once than is wanted', () => {
    const { settlement } = settlementOf();
    for (let sequence = 0; sequence < 20; sequence += 1) settlement.take(positionOf(sequence), 'billing');
    for (let sequence = 3; sequence < 12; sequence += 1) settlement.settle(sequence, 'billing', 'delivered');
    expect([settlement.hashSettledAbove(4), settlement.hashSettledAbove(4)]).toEqual([4, 4]);
    settlement.settle(15, 'billing', 'delivered');
    expect([settlement.hashSettledAbove(4), settlement.hashSettledAbove(4)]).toEqual([2, 0]);
    settlement.settle(17, 'billing', 'delivered');
    expect(settledAbove(settlement)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 17]);
  });

  test('skips what an earlier run settled without counting it', () => {
    const { settlement, account } = settlementOf();
    settlement.skip(positionOf(0));
    expect(settlement.safe?.cursor()).toBe('c0');
    expect(account.balance(settlement.pending)).toMatchObject({ read: 0, delivered: 0, pending: 0 });
  });

  test('passes any number of records that an earlier run settled behind one that waits', () => {
    const { settlement } = settlementOf();
    settlement.take(positionOf(0), 'billing');
    for (let sequence = 1; sequence < 5000; sequence += 1) settlement.skip(positionOf(sequence));
    settlement.settle(0, 'billing', 'delivered');
    expect(settlement.span).toBe(0);
    expect(settlement.safe?.cursor()).toBe('c4999');
  });

  test('covers exactly what is settled, below the mark and above, in whatever order', () => {
    const orders = fc
      .integer({ min: 1, max: 3000 })
      .chain((size) => fc.tuple(fc.constant(size), fc.infiniteStream(fc.nat()), fc.nat({ max: size })));
    fc.assert(
      fc.property(orders, ([size, random, settleCount]) => {
        const { settlement, account } = settlementOf();
        const unsettled = Array.from({ length: size }, (_, ordinal) => ordinal);
        for (const ordinal of unsettled) settlement.take(positionOf(ordinal), `service-${ordinal % 3}`);
        for (let count = 0; count < settleCount; count += 1) {
          const [ordinal = 0] = unsettled.splice(random.next().value % unsettled.length, 1);
          settlement.settle(ordinal, `service-${ordinal % 3}`, ordinal % 5 === 0 ? 'sampled' : 'delivered');
        }
        const mark = unsettled.length === 0 ? size : Math.min(...unsettled);
        const covered = account.covered().reduce((sum, { read }) => sum + read, 0);
        expect(settlement.lowWater).toBe(mark);
        expect(covered).toBe(settleCount);
        expect(mark + settledAbove(settlement).length).toBe(settleCount);
        expect(settlement.pending).toBe(unsettled.length);
        expect(unexplained(account.balance(settlement.pending))).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});
