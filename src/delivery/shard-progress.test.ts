import { describe, expect, test } from '@jest/globals';
import { encodable, eventOf, positionOf } from '../../test/support/events.ts';
import { keep } from '../event/verdict.ts';
import { Account } from '../ledger/account.ts';
import { unexplained } from '../ledger/balance.ts';
import type { JoinedEvent, RecordItem } from '../sdk/feed.ts';
import { ShardProgress } from './shard-progress.ts';
import { RecordSet } from './record-set.ts';

const progressOf = (settledNumbers: readonly number[] = []) => {
  const account = new Account([]);
  const settled = RecordSet.of(settledNumbers.map((number) => positionOf(number)));
  return { account, progress: new ShardProgress({ resume: { kind: 'beginning' }, settled }, account) };
};

const savedSettled = (progress: ShardProgress): readonly number[] => {
  const set = RecordSet.decode(progress.state().settled);
  return Array.from({ length: 20 }, (_, number) => number).filter((number) => set.has(positionOf(number)));
};

const joinedOf = (number: number, pieces: readonly number[]): JoinedEvent => ({
  ...encodable(eventOf({}, number)),
  verdict: keep,
  pieces,
});

/** Record `number` of the source, as a feed hands it over that read it as its `sequence`th. */
const whole = (number: number, sequence = number): RecordItem => ({
  kind: 'record',
  shard: '',
  position: positionOf(number),
  sequence,
  service: 'billing',
  event: { ...encodable(eventOf({}, number)), verdict: keep },
  joined: [],
  bytes: 10,
});

const piece = (number: number, sequence = number): RecordItem => ({ ...whole(number, sequence), event: undefined });

const isTaken = (progress: ShardProgress, item: RecordItem): boolean => progress.take(item) !== undefined;

describe('ShardProgress', () => {
  test('takes nothing that an earlier run settled, and goes on saving it until it lies below the mark', () => {
    const { progress, account } = progressOf([1, 2, 5]);
    expect(savedSettled(progress)).toEqual([1, 2, 5]);
    expect(progress.take(whole(0))).toBe(0);
    expect(progress.take(piece(1))).toBeUndefined();
    expect(progress.take(piece(2))).toBeUndefined();
    expect(progress.claim(joinedOf(1, [1, 2]))).toEqual([]);
    expect(savedSettled(progress)).toEqual([1, 2, 5]);
    progress.settlement.settle(0, 'billing', 'delivered');
    expect(progress.resume).toEqual({ kind: 'after', cursor: 'c2' });
    expect(savedSettled(progress)).toEqual([5]);
    expect(account.balance(progress.settlement.pending)).toMatchObject({ read: 1, delivered: 1, pending: 0 });
  });

  test('forgets what an earlier run settled and the source has lost', () => {
    const { progress } = progressOf([1]);
    progress.take({ ...whole(2), position: positionOf(2, { receivedUs: positionOf(1).receivedUs + 120_000_000 }) });
    expect(savedSettled(progress)).toEqual([1]);
    progress.settlement.settle(0, 'billing', 'delivered');
    expect(progress.state().settled).toBe('');
  });

  test('forks where everything that it has not taken is read, and its open pieces again', () => {
    const { progress } = progressOf([9]);
    progress.take(whole(0));
    progress.take(piece(1));
    progress.take(whole(2));
    const { resume, settled } = progress.fork();
    expect(resume).toEqual({ kind: 'after', cursor: 'c0' });
    expect([0, 1, 2, 3, 9].filter((number) => settled.has(positionOf(number)))).toEqual([2, 9]);
  });

  test('recognises what another feed reads again', () => {
    const { progress } = progressOf();
    for (const number of [0, 1, 2]) progress.take(whole(number));
    progress.settlement.settle(0, 'billing', 'delivered');
    progress.readAgain();
    expect([1, 2, 3].map((number) => isTaken(progress, whole(number, number - 1)))).toEqual([false, false, true]);
    expect(progress.settlement.next).toBe(4);
  });

  test('takes what comes in the place of records that are gone from the source', () => {
    const { progress, account } = progressOf();
    for (const number of [0, 1, 2]) progress.take(whole(number));
    progress.readAgain();
    expect([7, 8, 9].map((number) => isTaken(progress, whole(number, number - 7)))).toEqual([true, true, true]);
    expect(account.balance(progress.settlement.pending)).toMatchObject({ read: 6, pending: 6 });
  });

  test('takes what an earlier reading missed, and nothing twice', () => {
    const { progress } = progressOf();
    for (const number of [0, 2, 3]) progress.take(whole(number));
    progress.readAgain();
    const taken = [0, 1, 2, 3, 4].map((number) => isTaken(progress, whole(number, number)));
    expect(taken).toEqual([false, true, false, false, true]);
  });

  test('recognises records that settled while they were read again', () => {
    const { progress } = progressOf();
    for (const number of [0, 1, 2]) progress.take(whole(number));
    progress.readAgain();
    for (const ordinal of [0, 1, 2]) progress.settlement.settle(ordinal, 'billing', 'delivered');
    expect([0, 1, 2, 3].map((number) => isTaken(progress, whole(number)))).toEqual([false, false, false, true]);
  });

  test('gives an event to the lane once, however many feeds close its join', () => {
    const { progress } = progressOf();
    progress.take(piece(0));
    expect(progress.claim(joinedOf(0, [0]))).toEqual([0]);
    progress.readAgain();
    progress.take(piece(0));
    expect(progress.claim(joinedOf(0, [0]))).toEqual([]);
  });

  test('gives up pieces whose rest can never come: they are gone from the source', () => {
    const { progress, account } = progressOf();
    progress.take(piece(0));
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
    progress.take(piece(1));
    progress.readAfter(101);
    expect(progress.take(piece(1, 101))).toBeUndefined();
    progress.take(piece(2, 102));
    expect(progress.claim(joinedOf(1, [101, 102]))).toEqual([1, 2]);
  });
});
