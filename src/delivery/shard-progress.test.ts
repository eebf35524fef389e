import { describe, expect, test } from '@jest/globals';
import { encodable, eventOf, positionOf } from '../../test/support/events.ts';
import { keep } from '../event/verdict.ts';
import { Account, unexplained } from '../ledger/account.ts';
import type { FeedEvent, RecordItem } from '../sdk/feed.ts';
import { ShardProgress } from './shard-progress.ts';
import type { Straddle } from './settlement.ts';

const progressOf = (straddles: readonly Straddle[] = []) => {
  const account = new Account([]);
  return { account, progress: new ShardProgress({ straddles }, account) };
};

const eventAt = (number: number, sequences: readonly number[], joinKey?: string): FeedEvent => ({
  ...encodable(eventOf({}, number)),
  verdict: keep,
  sequences,
  joinKey,
});

/** Record `number` of the source, as a feed hands it over that read it as its `sequence`th. */
const whole = (number: number, sequence = number): RecordItem => ({
  kind: 'record',
  shard: '',
  position: positionOf(number),
  sequence,
  service: 'billing',
  joinKey: undefined,
  events: [eventAt(number, [sequence])],
  bytes: 10,
});

const piece = (number: number, joinKey: string, events: readonly FeedEvent[] = [], sequence = number): RecordItem => ({
  ...whole(number, sequence),
  joinKey,
  events,
});

describe('ShardProgress', () => {
  test('goes on saving the straddles of an earlier run until their records lie below the mark', () => {
    const { progress } = progressOf([{ joinKey: 'a', lastId: 'id-2' }]);
    expect(progress.prefix().straddles).toEqual([{ joinKey: 'a', lastId: 'id-2' }]);
    progress.take(whole(0));
    progress.take(piece(1, 'a'));
    progress.take(piece(2, 'a', [eventAt(1, [1, 2], 'a')]));
    expect(progress.prefix().straddles).toEqual([{ joinKey: 'a', lastId: 'id-2' }]);
    progress.settlement.settle(0, 'billing', 'delivered');
    expect(progress.prefix()).toMatchObject({ position: { receivedUs: positionOf(2).receivedUs }, straddles: [] });
  });

  test('recognises what another feed reads again', () => {
    const { progress } = progressOf();
    for (const number of [0, 1, 2]) progress.take(whole(number));
    progress.settlement.settle(0, 'billing', 'delivered');
    progress.readAgain();
    expect([1, 2, 3].map((number) => progress.take(whole(number, number - 1)))).toEqual([false, false, true]);
    expect(progress.settlement.next).toBe(4);
  });

  test('takes what comes in the place of records that are gone from the source', () => {
    const { progress, account } = progressOf();
    for (const number of [0, 1, 2]) progress.take(whole(number));
    progress.readAgain();
    expect([7, 8, 9].map((number) => progress.take(whole(number, number - 7)))).toEqual([true, true, true]);
    expect(account.balance(progress.settlement.pending)).toMatchObject({ read: 6, pending: 6 });
  });

  test('takes what an earlier reading missed, and nothing twice', () => {
    const { progress } = progressOf();
    for (const number of [0, 2, 3]) progress.take(whole(number));
    progress.readAgain();
    const taken = [0, 1, 2, 3, 4].map((number) => progress.take(whole(number, number)));
    expect(taken).toEqual([false, true, false, false, true]);
  });

  test('recognises records that settled while they were read again', () => {
    const { progress } = progressOf();
    for (const number of [0, 1, 2]) progress.take(whole(number));
    progress.readAgain();
    for (const ordinal of [0, 1, 2]) progress.settlement.settle(ordinal, 'billing', 'delivered');
    expect([0, 1, 2, 3].map((number) => progress.take(whole(number)))).toEqual([false, false, false, true]);
  });

  test('gives an event to the lane once, however many feeds close its join', () => {
    const { progress } = progressOf();
    progress.take(piece(0, 'a'));
    expect(progress.claim(eventAt(0, [0], 'a'))).toEqual([0]);
    progress.readAgain();
    progress.take(piece(0, 'a'));
    expect(progress.claim(eventAt(0, [0], 'a'))).toEqual([]);
  });

  test('gives up pieces whose rest can never come: they are gone from the source', () => {
    const { progress, account } = progressOf();
    progress.take(piece(0, 'a'));
    progress.take(whole(1));
    progress.readAgain();
    progress.take(whole(1, 0));
    expect(progress.openOrdinals).toEqual([]);
    const balance = account.balance(progress.settlement.pending);
    expect(balance).toMatchObject({ read: 2, dropped: { overrun: 1 }, pending: 1 });
    expect(unexplained(balance)).toBe(0);
  });

  test('finds the event of pieces that it took through another feed', () => {
    const { progress } = progressOf();
    progress.take(whole(0));
    progress.take(piece(1, 'a'));
    progress.readAfter(101);
    expect(progress.take(piece(1, 'a', [], 101))).toBe(false);
    progress.take(piece(2, 'a', [], 102));
    expect(progress.claim(eventAt(1, [101, 102], 'a'))).toEqual([1, 2]);
  });
});
