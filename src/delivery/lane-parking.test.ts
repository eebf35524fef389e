import { describe, expect, test } from '@jest/globals';
import { encodable, eventOf, positionOf } from '../../test/support/events.ts';
import { roomyLimits } from '../../test/support/lane-entries.ts';
import { everyFifthDenied, itemOf, laneOf, senderThat, textsOf } from '../../test/support/lane-rig.ts';
import { keep } from '../event/verdict.ts';
import { unexplained } from '../ledger/balance.ts';
import type { RecordItem } from '../sdk/feed.ts';

const pieceOf = (sequence: number, ...lines: readonly (readonly number[])[]): RecordItem => ({
  ...itemOf(sequence),
  event: undefined,
  joined: lines.map((pieces) => Object.assign(encodable(eventOf({}, pieces[0])), { verdict: keep, pieces })),
});

describe('A lane of which keys are refused', () => {
  test('sets the key aside that the service refuses: it holds back neither others nor the mark', async () => {
    let isHealed = false;
    const sender = senderThat(({ key }) =>
      key === 'denied' && !isHealed
        ? { status: 'denied', scope: 'batch', reason: 'no rights on group denied' }
        : { status: 'delivered' },
    );
    const { lane, clock, account, feed } = laneOf(sender, { maxHeldBytes: 1_000_000 });
    const write = (from: number, to: number): void => {
      for (let at = from; at < to; at += 1)
        feed.append(lane, itemOf(at, { stream: everyFifthDenied(at), raw: `line ${at}` }));
    };
    write(0, 150);
    await clock.runUntil(() => lane.parked.length === 1 && lane.pendingRecords === 30);
    write(150, 300);
    await clock.runUntil(() => lane.pendingRecords === 60);
    expect(lane.condition).toEqual({ state: 'denied', reason: 'no rights on group denied' });
    expect(lane.main.shards.get('')?.settlement.safe?.cursor()).toBe('c299');
    expect(lane.heldBytes).toBeLessThan(20 * 1200);
    expect(unexplained(account.balance(lane.pendingRecords))).toBe(0);
    expect(lane.oldestPendingUs).toBeUndefined();
    expect(lane.oldestWaitingUs).toBe(positionOf(0).receivedUs);
    isHealed = true;
    await clock.runUntil(() => {
      feed.pump(lane);
      return lane.pendingRecords === 0 && lane.parked.length === 0;
    });
    const denied = textsOf(sender.sent.filter(({ key }) => key === 'denied'));
    const expected = Array.from({ length: 60 }, (_, index) => `line ${index * 5}`);
    expect([...new Set(denied)]).toEqual(expected);
    expect(lane.oldestWaitingUs).toBeUndefined();
    expect(lane.condition.state).toBe('ok');
    expect(account.balance(0)).toMatchObject({ read: 300, delivered: 300 });
    write(300, 310);
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ read: 310, delivered: 310 });
  });

  test('has a key back from its own reading, though that tears a line that was whole before', async () => {
    let isHealed = false;
    const sender = senderThat(() =>
      isHealed ? { status: 'delivered' } : { status: 'denied', scope: 'batch', reason: 'no' },
    );
    const { lane, clock, account, feed } = laneOf(sender);
    feed.append(lane, itemOf(0));
    await clock.runUntil(() => lane.parked.length === 1);
    feed.append(lane, pieceOf(1));
    feed.append(lane, pieceOf(2), pieceOf(2, [1, 2]));
    feed.append(lane, pieceOf(3, [1, 2, 3]), pieceOf(3, [3]));
    expect(lane.pendingRecords).toBe(4);
    isHealed = true;
    await clock.runUntil(() => {
      feed.pump(lane, false);
      return lane.parked.length === 0;
    });
    expect(account.balance(0)).toMatchObject({ read: 4, delivered: 4 });
  });

  test('holds little of keys that are refused, however many they are and however long their lines', async () => {
    let isHealed = false;
    const sender = senderThat(({ key }) =>
      isHealed || key === 'sound' ? { status: 'delivered' } : { status: 'denied', scope: 'batch', reason: 'no' },
    );
    const { lane, clock, account, feed } = laneOf(sender, { maxHeldBytes: 100_000 });
    for (let at = 0; at < 200; at += 1) {
      await clock.runUntil(() => lane.main.hasRoom);
      feed.append(lane, itemOf(at, { stream: `key ${at % 40}`, raw: `line ${at}`, bytes: at % 2 === 0 ? 10 : 20_000 }));
    }
    await clock.runUntil(() => lane.parked.length === 40 && lane.heldBytes <= 25_000);
    feed.append(lane, itemOf(200, { stream: 'sound' }));
    await clock.runUntil(() => lane.pendingRecords === 200);
    isHealed = true;
    await clock.runUntil(() => {
      feed.pump(lane);
      return lane.pendingRecords === 0 && lane.parked.length === 0;
    });
    expect(account.balance(0)).toMatchObject({ read: 201, delivered: 201 });
    const others = textsOf(sender.sent.filter(({ key }) => key === 'key 1'));
    expect([...new Set(others)]).toEqual(['line 1', 'line 41', 'line 81', 'line 121', 'line 161']);
  });

  test('sets a key aside that floods the lane, so that the quiet ones go first', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const { lane, clock, account, feed } = laneOf(sender, { maxHeldBytes: 30_000, maxAgeMs: 60_000 });
    let at = 0;
    for (; lane.main.hasRoom; at += 1) feed.append(lane, itemOf(at, { stream: 'flood', raw: `line ${at}` }));
    expect(lane.parked).toEqual([]);
    await clock.runUntil(() => lane.main.hasRoom);
    feed.append(lane, itemOf(at++, { stream: 'quiet' }));
    for (; lane.main.hasRoom; at += 1) feed.append(lane, itemOf(at, { stream: 'flood', raw: `line ${at}` }));
    expect(lane.parked.map(({ key }) => key)).toEqual(['flood']);
    await clock.runUntil(() => lane.main.hasRoom);
    for (let more = 0; more < 100; more += 1) feed.append(lane, itemOf(at++, { stream: 'flood', raw: `line ${at}` }));
    expect(lane.main.hasRoom).toBe(true);
    await clock.runUntil(() => {
      feed.pump(lane);
      return lane.pendingRecords === 0 && lane.parked.length === 0;
    });
    const balance = account.balance(0);
    expect(balance).toMatchObject({ read: at, delivered: at });
    expect(textsOf(sender.sent)).toHaveLength(at);
    const flood = textsOf(sender.sent.filter(({ key }) => key === 'flood'));
    expect(flood).toEqual(flood.toSorted((one, other) => Number(one.slice(5)) - Number(other.slice(5))));
  });

  test('sets a flood aside that fills the span with short lines, not the memory', async () => {
    const sender = senderThat(() => ({ status: 'retry', scope: 'batch', reason: 'slow' }));
    const { lane, clock } = laneOf(sender, { maxHeldBytes: 2 ** 30, limits: { ...roomyLimits, maxEvents: 1_000_000 } });
    for (let sequence = 0; lane.main.hasRoom; sequence += 1) {
      lane.main.take(itemOf(sequence, { stream: sequence % 50 === 0 ? 'other' : 'flood', bytes: 1 }));
    }
    expect(lane.parked.map(({ key }) => key)).toEqual(['flood']);
    void clock;
  });
});
