import { describe, expect, test } from '@jest/globals';
import { encodable, eventOf, positionOf } from '../../test/support/events.ts';
import { roomyLimits } from '../../test/support/lane-entries.ts';
import { itemOf, laneOf, senderThat, textsOf } from '../../test/support/lane-rig.ts';
import type { Sender } from '../sdk/adapter.ts';

describe('A lane with events that are too large', () => {
  test('sends an event that is too large in parts and settles it when the last part is delivered', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const { lane, clock, account } = laneOf(sender, { limits: { ...roomyLimits, maxEventBytes: 1000 } });
    lane.main.take(itemOf(0, { raw: 'x'.repeat(2600) }));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(textsOf(sender.sent).join('')).toBe('x'.repeat(2600));
    expect(account.balance(0)).toMatchObject({ read: 1, delivered: 1 });
  });

  test('sends what is in an event that is too large, though a part of it is blank', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const notBlank: Sender = { ...sender, encode: ({ event }) => (event.raw.trim() === '' ? undefined : event.raw) };
    const { lane, clock, account } = laneOf(notBlank, { limits: { ...roomyLimits, maxEventBytes: 1000 } });
    lane.main.take(itemOf(0, { raw: `begin${' '.repeat(2600)}end` }));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(textsOf(sender.sent).map((text) => text.trim())).toEqual(['begin', 'end']);
    expect(account.balance(0)).toMatchObject({ delivered: 1, droppedTotal: 0 });
  });

  test('sends all parts of an event where the whole would have gone', async () => {
    const sender = senderThat(() => ({ status: 'delivered' }));
    const byTenant: Sender = { ...sender, batchKey: ({ event }) => JSON.stringify(event.data?.['tenant'] ?? null) };
    const { lane, clock } = laneOf(byTenant, { limits: { ...roomyLimits, maxEventBytes: 1000 } });
    lane.main.take(itemOf(0, { raw: 'x'.repeat(2600), data: { tenant: 'acme' } }));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(new Set(sender.sent.map(({ key }) => key))).toEqual(new Set(['"acme"']));
  });

  test('tells of a refused part with the whole event, and of one that fits no request', async () => {
    const sender = senderThat((batch) =>
      textsOf([batch]).some((text) => text.startsWith('y'))
        ? { status: 'partial', rejected: batch.entries.map((_, index) => ({ index, reason: 'bad' })), retry: [] }
        : { status: 'delivered' },
    );
    const { lane, clock, refused } = laneOf(sender, { limits: { ...roomyLimits, maxEventBytes: 1000, maxEvents: 1 } });
    lane.main.take(itemOf(0, { raw: `${'x'.repeat(1000)}${'y'.repeat(400)}` }));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(refused).toEqual(['xxxxxxxxx: rejected (bad) after 1']);
    const narrow = laneOf(sender, { limits: { ...roomyLimits, maxEventBytes: 3 } });
    narrow.lane.main.take(itemOf(0, { raw: 'no room for this' }));
    expect(narrow.refused).toEqual(['no room f: too large (it does not fit a request, not even in parts) after 0']);
  });

  test('sends an event again outside of its account, and tells how it ended once all parts have', async () => {
    const sender = senderThat((batch) => ({
      status: 'partial',
      rejected: batch.entries.flatMap(({ text }, index) => (text.startsWith('y') ? [{ index, reason: 'bad' }] : [])),
      retry: [],
    }));
    const { lane, clock, account, refused } = laneOf(sender, { limits: { ...roomyLimits, maxEventBytes: 1000 } });
    const ends: string[] = [];
    for (const raw of ['short', 'y', `${'x'.repeat(1000)}${'y'.repeat(400)}`])
      lane.resend(encodable(eventOf({ raw })), (outcome, answer) => ends.push(`${raw[0]}: ${outcome} (${answer})`));
    await clock.runUntil(() => ends.length === 3);
    expect(ends).toEqual(['y: rejected (bad)', 's: delivered ()', 'x: rejected (bad)']);
    expect(account.balance(lane.pendingRecords)).toMatchObject({ read: 0, delivered: 0, droppedTotal: 0, pending: 0 });
    expect(refused).toEqual([]);
    expect(lane.heldBytes).toBe(0);
  });

  test('sends a line as it is when an event is given up of which parts went before, in a batch of both', async () => {
    const sender = senderThat(() =>
      sender.sent.length === 1 ? { status: 'partial', rejected: [], retry: [0] } : { status: 'delivered' },
    );
    const limits = { ...roomyLimits, maxBytes: 1000, maxEventBytes: 400 };
    const { lane, clock, account } = laneOf(sender, { limits, maxHeldBytes: 1_000_000 });
    lane.main.take(itemOf(0, { service: 'small', stream: 'one', raw: 'small line' }));
    lane.main.take(itemOf(1, { service: 'big', stream: 'one', raw: 'x'.repeat(2500) }));
    await clock.runUntil(() => sender.sent.length === 1 && lane.condition.state !== 'ok');
    expect(sender.sent[0]?.entries.length).toBeGreaterThan(2);
    expect(lane.skip({ untilUs: positionOf(9).receivedUs, service: 'big' })).toBe(true);
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(textsOf(sender.sent.slice(1))).toEqual(['small line']);
    expect(account.balance(0)).toMatchObject({ delivered: 1, dropped: { 'skipped by operator': 1 }, pending: 0 });
    expect(lane.heldBytes).toBe(0);
  });
});
