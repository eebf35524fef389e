import { describe, expect, test } from '@jest/globals';
import { positionOf } from '../../test/support/events.ts';
import { everyFifthDenied, itemOf, laneOf, senderThat } from '../../test/support/lane-rig.ts';

describe('A lane of which lines are given up', () => {
  test('drops what an operator gave up: what it holds, what it has yet to read, and nothing newer', async () => {
    let isDown = true;
    const sender = senderThat(() =>
      isDown ? { status: 'retry', scope: 'destination', reason: 'down' } : { status: 'delivered' },
    );
    const { lane, clock, account, feed } = laneOf(sender, { maxHeldBytes: 1_000_000 });
    const write = (from: number, to: number): void => {
      for (let at = from; at < to; at += 1) feed.append(lane, itemOf(at, { service: `service-${at % 2}` }));
    };
    write(0, 20);
    await clock.runUntil(() => lane.condition.state === 'retrying');
    expect(lane.skip({ untilUs: positionOf(30).receivedUs, service: '*-1' })).toBe(true);
    expect(lane.skipStates()).toEqual([
      { untilUs: positionOf(30).receivedUs, service: '*-1', reason: 'skipped by operator' },
    ]);
    write(20, 40);
    isDown = false;
    await clock.runUntil(() => lane.pendingRecords === 0);
    const skipped = account.balance(0).dropped['skipped by operator'] ?? 0;
    // Of the odd ones up to 30, those that were on their way when they were given up may have been delivered.
    expect(skipped).toBeGreaterThanOrEqual(13);
    expect(skipped).toBeLessThanOrEqual(15);
    expect(account.balance(0)).toMatchObject({ read: 40, delivered: 40 - skipped, pending: 0 });
    lane.review(() => false);
    expect(lane.skipStates()).toEqual([]);
  });

  test('drops what an operator gave up of a key that is set aside, though the service still refuses it', async () => {
    const sender = senderThat(({ key }) =>
      key === 'denied' ? { status: 'denied', scope: 'batch', reason: 'no rights' } : { status: 'delivered' },
    );
    const { lane, clock, account, feed } = laneOf(sender, { maxHeldBytes: 1_000_000 });
    for (let at = 0; at < 150; at += 1) feed.append(lane, itemOf(at, { stream: everyFifthDenied(at) }));
    await clock.runUntil(() => lane.parked.length === 1 && lane.pendingRecords === 30);
    expect(lane.skip({ untilUs: positionOf(1000).receivedUs })).toBe(true);
    await clock.runUntil(() => {
      feed.pump(lane);
      return lane.pendingRecords === 0 && lane.parked.length === 0;
    });
    expect(account.balance(0)).toMatchObject({ read: 150, delivered: 120, dropped: { 'skipped by operator': 30 } });
  });

  test('drops lines older than its longest backlog, and says so by their reason', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const { lane, clock, account } = laneOf(sender, { maxBacklogMs: 3_600_000 });
    const oldUs = (clock.now() - 3_600_001) * 1000;
    lane.main.take(itemOf(0, { position: positionOf(0, { receivedUs: oldUs }) }));
    lane.main.take(itemOf(1));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ read: 2, delivered: 1, dropped: { 'over max_backlog': 1 } });
  });
});
