import { describe, expect, test } from '@jest/globals';
import { encodable, eventOf } from '../../test/support/events.ts';
import { itemOf, laneOf, senderThat, settings, textsOf } from '../../test/support/lane-rig.ts';
import type { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Verdict } from '../event/verdict.ts';

describe('A lane', () => {
  test('sends a batch when it is full and the rest when it is old', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const { lane, clock } = laneOf(sender);
    for (let sequence = 0; sequence < 4; sequence += 1) lane.main.take(itemOf(sequence));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(sender.sent.map(({ entries }) => entries.length)).toEqual([3, 1]);
    expect(lane.main.shards.get('')?.settlement.safe?.cursor()).toBe('c3');
  });

  test('settles what policy excludes without sending it', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const { lane, account } = laneOf(sender);
    lane.main.take(itemOf(0, {}, [{ reason: 'not routed', destinations: new Set(['test']) }]));
    lane.main.take(itemOf(1, { raw: '', message: '' }));
    expect(account.balance(lane.pendingRecords)).toMatchObject({ dropped: { 'not routed': 1, empty: 1 }, pending: 0 });
    expect(sender.sent).toEqual([]);
  });

  test('under pressure sends a batch that is a quarter full, and at rest waits for it to fill', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const mebibyte = 1024 * 1024;
    const { lane, clock } = laneOf(sender, {
      maxHeldBytes: 64 * mebibyte,
      maxAgeMs: 60_000,
      concurrency: 1,
      limits: { ...settings.limits, maxBytes: 4 * mebibyte, maxEventBytes: mebibyte, maxEvents: 1000 },
    });
    const take = (sequence: number): void => {
      lane.main.take(itemOf(sequence, { stream: sequence === 0 ? 'small' : 'large', raw: 'x'.repeat(500_000) }));
    };
    for (let sequence = 0; lane.heldBytes < 7 * mebibyte; sequence += 1) take(sequence);
    await clock.runUntil(() => clock.monotonic() > 1000);
    expect(sender.sent).toEqual([]);
    const taken = lane.pendingRecords;
    for (let sequence = taken; lane.heldBytes < 8 * mebibyte; sequence += 1) take(sequence);
    await clock.runUntil(() => sender.sent.length > 0);
    expect(sender.sent.map(({ key }) => key)).toEqual(['large']);
  });

  test('lets no more batches fill at a time than there is memory for their buffers', async () => {
    const senders = [2 ** 30, 200_000].map((maxHeldBytes) => {
      const sender = senderThat(() => ({ status: 'delivered' }));
      const { lane } = laneOf(sender, { maxHeldBytes, maxAgeMs: 3_600_000, concurrency: 100 });
      for (let sequence = 0; sequence < 100; sequence += 1) {
        lane.main.take(itemOf(sequence, { stream: `key-${sequence}` }));
      }
      return sender;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(senders.map(({ sent }) => sent.map(({ key }) => key))).toEqual([
      [],
      Array.from({ length: 36 }, (_, at) => `key-${at}`),
    ]);
  });

  test('takes no more than its bytes and goes on when some are settled', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const { lane, clock } = laneOf(sender, { maxHeldBytes: 2000 });
    let taken = 0;
    while (lane.main.hasRoom) lane.main.take(itemOf(taken++, { bytes: 50 }));
    expect(taken).toBe(2);
    await clock.runUntil(() => lane.main.hasRoom);
  });

  test('has no room for a large event, nor for others before it, until there is room for it', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const { lane, clock } = laneOf(sender, { maxHeldBytes: 20_000, maxAgeMs: 60_000 });
    for (let at = 0; at < 5; at += 1) lane.main.take(itemOf(at));
    const [small, large] = [itemOf(5), itemOf(6, { bytes: 5000 })];
    expect(lane.main.hasRoomFor(small)).toBe(true);
    expect(lane.main.hasRoomFor(large)).toBe(false);
    expect([lane.main.hasRoom, lane.main.hasRoomFor(small)]).toEqual([false, false]);
    // What waits for its batch to fill goes at once.
    await clock.runUntil(() => lane.heldBytes === 0);
    expect(lane.main.hasRoomFor(large)).toBe(true);
  });

  test('has room for an event that is larger than all it may hold when it holds next to nothing', () => {
    const { lane } = laneOf(senderThat(() => ({ status: 'delivered' })));
    const huge = itemOf(1, { bytes: 1_000_000 });
    expect(lane.main.hasRoomFor(huge)).toBe(true);
    lane.main.take(itemOf(0, { bytes: 2000 }));
    expect(lane.main.hasRoomFor(huge)).toBe(false);
  });

  test('takes on while the mark waits for the rest of a cut line, however many records come between', () => {
    const { lane } = laneOf(senderThat(() => ({ status: 'delivered' })));
    lane.main.take({ ...itemOf(0), event: undefined });
    const unwanted: Verdict = [{ reason: 'not routed', destinations: undefined }];
    for (let sequence = 1; sequence <= 100_000; sequence += 1) lane.main.take(itemOf(sequence, {}, unwanted));
    expect(lane.main.hasRoom).toBe(true);
    const event = { ...encodable(eventOf({})), verdict: unwanted, pieces: [0, 100_001] };
    lane.main.take({ ...itemOf(100_001), event: undefined, joined: [event] });
    expect(lane.pendingRecords).toBe(0);
  });

  test('restamps an event outside the window of the service, also one that waited too long', async () => {
    let failures = 40;
    const sender = senderThat(() =>
      failures-- > 0 ? { status: 'retry', scope: 'destination', reason: 'down' } : { status: 'delivered' },
    );
    const window = { pastMs: 60_000, futureMs: 1000 };
    const { lane, clock } = laneOf(sender, { window });
    lane.main.take(itemOf(0));
    await clock.runUntil(() => lane.pendingRecords === 0);
    const sentAs = sender.sent.at(-1)?.entries[0]?.timeMs ?? 0;
    expect(clock.now() - sentAs).toBeLessThanOrEqual(window.pastMs);
  });

  test('restamps also what has waited behind others and was never sent', async () => {
    const window = { pastMs: 60_000, futureMs: 1000 };
    const ages: number[] = [];
    let clockOf: VirtualClock | undefined;
    let failures = 40;
    const sender = senderThat((batch) => {
      if (failures-- > 0) return { status: 'retry', scope: 'destination', reason: 'down' };
      ages.push(...batch.entries.map(({ timeMs }) => (clockOf?.now() ?? 0) - timeMs));
      return { status: 'delivered' };
    });
    const { lane, clock } = laneOf(sender, { window });
    clockOf = clock;
    for (let sequence = 0; sequence < 9; sequence += 1) lane.main.take(itemOf(sequence));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(ages).toHaveLength(9);
    expect(Math.max(...ages)).toBeLessThanOrEqual(window.pastMs);
  });

  test('sends no more batches than go at once when it is full, so that the others fill up', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const { lane, clock } = laneOf(sender, { concurrency: 1, maxHeldBytes: 5000, maxAgeMs: 3_600_000 });
    let sequence = 0;
    while (lane.main.hasRoom) lane.main.take(itemOf(sequence++, { stream: `key-${sequence}` }));
    await clock.runUntil(() => lane.main.hasRoom);
    lane.main.take(itemOf(sequence, { stream: 'key-2' }));
    await clock.runUntil(() => lane.main.hasRoom);
    expect(sender.sent.map(({ key, entries }) => [key, entries.length])).toEqual([
      ['key-1', 1],
      ['key-2', 2],
    ]);
  });

  test('tells a service in its own words, once, what of its lines was dropped', async () => {
    const sender = senderThat((batch) =>
      textsOf([batch]).some((text) => text.startsWith('poison'))
        ? { status: 'rejected', reason: 'bad field' }
        : { status: 'delivered' },
    );
    const { lane, clock, account, feed } = laneOf(sender);
    const notices = (): readonly string[] => textsOf(sender.sent).filter((text) => text.startsWith('sluice: '));
    for (let at = 0; at < 6; at += 1) feed.append(lane, itemOf(at, at % 3 === 0 ? { raw: `poison ${at}` } : {}));
    await clock.runUntil(() => lane.pendingRecords === 0);
    const review = async (): Promise<void> => {
      for (let seconds = 0; seconds < 30; seconds += 1) {
        const endMs = clock.now() + 1000;
        void clock.sleep(1000, new AbortController().signal);
        await clock.runUntil(() => clock.now() >= endMs);
        lane.review(() => false);
      }
    };
    await review();
    expect(notices()).toEqual(['sluice: dropped 2 messages (rejected 2)']);
    expect(lane.originatedEvents).toBe(1);
    expect(account.balance(lane.pendingRecords)).toMatchObject({ read: 6, delivered: 4, pending: 0 });
    feed.append(lane, itemOf(6, { raw: 'poison 6' }));
    feed.append(lane, itemOf(7));
    await clock.runUntil(() => lane.pendingRecords === 0);
    await review();
    expect(notices()).toEqual(['sluice: dropped 2 messages (rejected 2)', 'sluice: dropped 1 message (rejected 1)']);
  });
});
