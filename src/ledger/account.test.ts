import { describe, expect, test } from '@jest/globals';
import { Account } from './account.ts';
import { unexplained } from './balance.ts';
import { maxServices, otherServices } from '../event/service-bound.ts';

describe('Account', () => {
  test('adds up: read = delivered + uncertain + dropped + pending', () => {
    const account = new Account([]);
    for (let count = 0; count < 5; count += 1) account.read('billing');
    account.settled('billing', 'delivered');
    account.settled('billing', 'uncertain');
    account.settled('billing', 'sampled');
    const balance = account.balance(2);
    expect(balance).toEqual({
      read: 5,
      delivered: 1,
      uncertain: 1,
      dropped: { sampled: 1 },
      droppedTotal: 1,
      pending: 2,
      lost: {},
    });
    expect(unexplained(balance)).toBe(0);
  });

  test('shows as unexplained what was read and neither settled nor pending', () => {
    const account = new Account([]);
    account.read('billing');
    expect(unexplained(account.balance(0))).toBe(1);
  });

  test('goes on from the counters of a checkpoint', () => {
    const account = new Account([
      { service: 'billing', read: 10, settled: { delivered: 10 }, lost: {}, announced: {} },
    ]);
    account.read('billing');
    expect(account.balance(1)).toMatchObject({ read: 11, delivered: 10, pending: 1 });
    expect(account.covered()).toEqual([
      { service: 'billing', read: 10, settled: { delivered: 10 }, lost: {}, announced: {} },
    ]);
  });

  test('saves a loss with the record that tells of it, and announces it then, once', () => {
    const account = new Account([]);
    const losses = [{ reason: 'suppressed by journald', count: 7, service: 'chatty' }] as const;
    account.read('billing', losses);
    expect(account.balance(1).lost).toEqual({ 'suppressed by journald': 7 });
    expect(account.covered()).toEqual([]);
    account.passed('billing', losses);
    const [told] = account.unannounced();
    expect(told).toEqual({ service: 'chatty', dropped: {}, lost: { 'suppressed by journald': 7 }, toldBefore: 0 });
    if (told !== undefined) account.announced(told);
    expect(account.unannounced()).toEqual([]);
    expect(new Account(account.covered()).unannounced()).toEqual([]);
  });

  test('announces drops that nobody asked for, and none that rules and routes did', () => {
    const account = new Account([]);
    for (const outcome of ['rejected', 'rejected', 'not routed', 'sampled', 'delivered'] as const) {
      account.settled('billing', outcome);
    }
    expect(account.unannounced()).toEqual([{ service: 'billing', dropped: { rejected: 2 }, lost: {}, toldBefore: 0 }]);
  });

  test('counts services beyond the bound together, so that sums hold', () => {
    const account = new Account([]);
    for (let index = 0; index < maxServices + 10; index += 1) account.passed(`service-${index}`);
    const covered = account.covered();
    expect(covered).toHaveLength(maxServices + 1);
    expect(covered.find(({ service }) => service === otherServices)?.read).toBe(10);
  });
});
