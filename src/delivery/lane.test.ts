import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodable, eventOf, positionOf } from '../../test/support/events.ts';
import { LaneFeed } from '../../test/support/lane-feed.ts';
import { roomyLimits } from '../../test/support/lane-entries.ts';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { LogEvent } from '../event/event.ts';
import { keep, type Verdict } from '../event/verdict.ts';
import { Account } from '../ledger/account.ts';
import { unexplained } from '../ledger/balance.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { Batch, BatchEntry } from '../sdk/batch.ts';
import type { RecordItem } from '../sdk/feed.ts';
import type { SendResult } from '../sdk/send-result.ts';
import { Lane } from './lane.ts';
import type { LaneSettings } from './lane-settings.ts';
import { RecordSet } from './record-set.ts';

const settings: LaneSettings = {
  limits: { ...roomyLimits, maxEvents: 3 },
  window: undefined,
  outsideWindow: 'restamp',
  maxAgeMs: 1000,
  concurrency: 4,
  deadlineMs: 60_000,
  maxHeldBytes: 10_000,

  maxBacklogMs: undefined,
  announces: true,
  keepsEvents: false,
};

/** An entry's text is there only until it is settled. */
const asSent = ({ position, service, text, bytes, timeMs, isRestamped }: BatchEntry): BatchEntry => ({
  position,
  service,
  text,
  bytes,
  timeMs,
  isRestamped,
});

/** A sender that answers as it is told and remembers what it was sent. */
const senderThat = (answer: (batch: Batch) => SendResult): Sender & { readonly sent: Batch[] } => {
  const sent: Batch[] = [];
  return {
    sent,
    batchKey: ({ event }) => event.stream,
    encode: ({ event }) => (event.raw === '' ? undefined : event.raw),
    send: (batch) => {
      sent.push({ ...batch, entries: batch.entries.map(asSent) });
      return Promise.resolve(answer(batch));
    },
    close: () => Promise.resolve(),
  };
};

const laneOf = (sender: Sender, overrides: Partial<LaneSettings> = {}, random = () => 0.5) => {
  const clock = new VirtualClock();
  const account = new Account([]);
  const refused: string[] = [];
  const feed = new LaneFeed();
  const lane = new Lane({
    name: 'test',
    sender,
    settings: { ...settings, ...overrides },
    account,
    clock,
    random,
    logger: silentLogger,
    starts: new Map([['', { resume: { kind: 'beginning' }, settled: new RecordSet() }]]),
    parked: [],
    skips: [],
    host: 'host-1',
    onRoom: () => undefined,
    onTrackOpened: (track) => feed.open(track),
    onTrackClosed: (track) => feed.close(track),
    onRefused: (entries, outcome, answer, attempts) =>
      refused.push(
        ...entries.map(({ delivery }) => `${delivery.event.raw.slice(0, 9)}: ${outcome} (${answer}) after ${attempts}`),
      ),
  });
  return { lane, clock, account, refused, feed };
};

const itemOf = (sequence: number, overrides: Partial<LogEvent> = {}, verdict: Verdict = keep): RecordItem => {
  const event = eventOf(overrides, sequence);
  return {
    kind: 'record',
    shard: '',
    position: positionOf(sequence),
    sequence,
    service: event.service,
    event: { ...encodable(event), verdict },
    joined: [],
    bytes: 10,
  };
};

const textsOf = (batches: readonly Batch[]): readonly string[] =>
  batches.flatMap(({ entries }) => entries.map(({ text }) => text));

const everyFifthDenied = (sequence: number): string => (sequence % 5 === 0 ? 'denied' : `free-${sequence % 5}`);

describe('Lane', () => {
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
    const pieceOf = (sequence: number, ...lines: readonly (readonly number[])[]): RecordItem => ({
      ...itemOf(sequence),
      event: undefined,
      joined: lines.map((pieces) => Object.assign(encodable(eventOf({}, pieces[0])), { verdict: keep, pieces })),
    });
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

  test('asks a destination that failed with one request at a time until it answers', async () => {
    let failures = 5;
    const sender = senderThat(() =>
      failures-- > 0 ? { status: 'retry', scope: 'destination', reason: 'down' } : { status: 'delivered' },
    );
    const { lane, clock } = laneOf(sender, { concurrency: 1 });
    for (let sequence = 0; sequence < 9; sequence += 1) lane.main.take(itemOf(sequence, { stream: `key-${sequence}` }));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(sender.sent).toHaveLength(5 + 9);
    expect(lane.resentEvents).toBe(5);
  });

  test('never gives up: a day of outage later everything is delivered', async () => {
    let clockOf: VirtualClock | undefined;
    const sender = senderThat(() =>
      (clockOf?.now() ?? 0) < 1_795_326_000_000 + 86_400_000
        ? { status: 'retry', scope: 'destination', reason: 'down' }
        : { status: 'delivered' },
    );
    const { lane, clock } = laneOf(sender);
    clockOf = clock;
    lane.main.take(itemOf(0));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(clock.now()).toBeGreaterThanOrEqual(1_795_326_000_000 + 86_400_000);
  });

  test('finds the poison event and delivers all others', async () => {
    const sender = senderThat((batch) =>
      textsOf([batch]).includes('poison') ? { status: 'rejected', reason: 'bad field' } : { status: 'delivered' },
    );
    const { lane, clock, account, refused } = laneOf(sender, { limits: { ...roomyLimits, maxEvents: 16 } });
    for (let sequence = 0; sequence < 16; sequence += 1) {
      lane.main.take(itemOf(sequence, sequence === 11 ? { raw: 'poison' } : {}));
    }
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 15, dropped: { rejected: 1 } });
    expect(refused).toEqual([expect.stringMatching(/^poison: rejected \(bad field\) after [1-9]/)]);
  });

  test('drops nothing while a wrong endpoint refuses every line, says so, and heals', async () => {
    let isWrong = true;
    const sender = senderThat(() =>
      isWrong ? { status: 'rejected', reason: 'HTTP 400: unknown route' } : { status: 'delivered' },
    );
    const { lane, clock, account } = laneOf(sender, { maxHeldBytes: 1_000_000 });
    for (let sequence = 0; sequence < 200; sequence += 1)
      lane.main.take(itemOf(sequence, { stream: `key-${sequence % 7}` }));
    await clock.runUntil(() => lane.condition.state === 'denied');
    expect(lane.condition.reason).toContain('every line is refused');
    const before = clock.now();
    await clock.runUntil(() => clock.now() > before + 3_600_000);
    isWrong = false;
    sender.sent.length = 0;
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 200, droppedTotal: 0 });
    const ofOneKey = sender.sent.filter(({ key }) => key === 'key-3');
    expect(textsOf(ofOneKey).map((text) => Number(text.slice(5)))).toEqual(
      Array.from({ length: 29 }, (_, index) => 3 + index * 7).filter((sequence) => sequence < 200),
    );
  });

  test('does not wait for a destination that denies it when it drains', async () => {
    const sender = senderThat(() => ({ status: 'denied', scope: 'destination', reason: 'bad token' }));
    const { lane, clock } = laneOf(sender);
    lane.main.take(itemOf(0));
    await clock.runUntil(() => lane.condition.state === 'denied');
    await expect(lane.drain(new AbortController().signal)).resolves.toBeUndefined();
    expect(lane.pendingRecords).toBe(1);
  });

  test('tries a lone refused line again, in case the endpoint was wrong for a while', async () => {
    let isWrong = true;
    const sender = senderThat(() => (isWrong ? { status: 'rejected', reason: 'HTTP 400' } : { status: 'delivered' }));
    const { lane, clock, account } = laneOf(sender);
    lane.main.take(itemOf(0));
    await clock.runUntil(() => sender.sent.length === 1);
    isWrong = false;
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 1, droppedTotal: 0 });
  });

  test('believes the refusal of a lone line when something else is delivered', async () => {
    const sender = senderThat((batch) =>
      textsOf([batch]).includes('poison') ? { status: 'split', reason: 'too large' } : { status: 'delivered' },
    );
    const { lane, clock, account } = laneOf(sender, { maxAgeMs: 10 });
    lane.main.take(itemOf(0, { raw: 'poison' }));
    await clock.runUntil(() => sender.sent.length === 1);
    expect(lane.pendingRecords).toBe(1);
    lane.main.take(itemOf(1));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 1, dropped: { 'too large': 1 } });
  });

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

  test('believes it at once when an event is refused that is sent again, and does not blame the destination', async () => {
    const sender = senderThat(() => ({ status: 'rejected', reason: 'HTTP 400' }));
    const { lane, clock } = laneOf(sender);
    let refusals = 0;
    for (let sequence = 0; sequence < 100; sequence += 1)
      lane.resend(encodable(eventOf({}, sequence)), () => {
        refusals += 1;
      });
    await clock.runUntil(() => refusals === 100);
    expect(lane.condition.state).toBe('ok');
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

  test('sets a flood aside that fills the span with short lines, not the memory', async () => {
    const sender = senderThat(() => ({ status: 'retry', scope: 'batch', reason: 'slow' }));
    const { lane, clock } = laneOf(sender, { maxHeldBytes: 2 ** 30, limits: { ...roomyLimits, maxEvents: 1_000_000 } });
    for (let sequence = 0; lane.main.hasRoom; sequence += 1) {
      lane.main.take(itemOf(sequence, { stream: sequence % 50 === 0 ? 'other' : 'flood', bytes: 1 }));
    }
    expect(lane.parked.map(({ key }) => key)).toEqual(['flood']);
    void clock;
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

  test('is not called sound by an answer to what was sent before the destination failed', async () => {
    const answers = new Map<string, (result: SendResult) => void>();
    const sender: Sender = {
      ...senderThat(() => ({ status: 'delivered' })),
      send: ({ key }) => new Promise((resolve) => answers.set(key, resolve)),
    };
    const { lane, clock } = laneOf(sender, { limits: { ...roomyLimits, maxEvents: 1 } });
    lane.main.take(itemOf(0, { stream: 'a' }));
    lane.main.take(itemOf(1, { stream: 'b' }));
    await clock.runUntil(() => answers.size === 2);
    answers.get('a')?.({ status: 'retry', scope: 'destination', reason: 'down', retryAfterMs: 7000 });
    await clock.runUntil(() => lane.condition.state === 'retrying');
    answers.get('b')?.({ status: 'delivered' });
    await clock.runUntil(() => lane.pendingRecords === 1);
    expect(lane.condition).toEqual({ state: 'retrying', reason: 'down' });
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

  test('treats what an adapter throws as its bug and keeps the lines', async () => {
    let isBroken = true;
    const sender = senderThat(() => {
      if (!isBroken) return { status: 'delivered' };
      isBroken = false;
      throw new TypeError('oops');
    });
    const { lane, clock, account } = laneOf(sender);
    lane.main.take(itemOf(0));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 1, droppedTotal: 0 });
  });

  test('accounts for every event and keeps order within each key while the service fails at random', async () => {
    const scope = fc.constantFrom('destination' as const, 'batch' as const);
    const failures = fc.array(
      fc.option(
        fc.oneof(
          scope.map((where): SendResult => ({ status: 'retry', scope: where, reason: 'busy' })),
          scope.map((where): SendResult => ({ status: 'denied', scope: where, reason: 'no' })),
        ),
      ),
      { maxLength: 40 },
    );
    const lines = fc.array(
      fc.record({ key: fc.nat(3), fate: fc.constantFrom('sound', 'sound', 'sound', 'poison', 'large') }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(failures, lines, async (script, written) => {
        const remaining = [...script];
        const accepted: string[] = [];
        const sender = senderThat((batch) => {
          const failure = remaining.shift() ?? undefined;
          if (failure !== undefined) return failure;
          if (textsOf([batch]).some((text) => text.endsWith('poison'))) return { status: 'rejected', reason: 'bad' };
          if (textsOf([batch]).some((text) => text.endsWith('large'))) return { status: 'split', reason: 'large' };
          accepted.push(...textsOf([batch]));
          return { status: 'delivered' };
        });
        const { lane, clock, account, feed } = laneOf(sender);
        for (const [sequence, { key, fate }] of written.entries()) {
          const raw = `${key}:${String(sequence).padStart(3, '0')} ${fate}`;
          feed.append(lane, itemOf(sequence, { stream: `key-${key}`, raw }));
        }
        // A refusal is believed when something else is delivered.
        let more = 0;
        for (; lane.pendingRecords > 0 && more < 20; more += 1) {
          const dayLater = clock.now() + 86_400_000;
          void clock.sleep(86_400_000, new AbortController().signal);
          feed.append(lane, itemOf(written.length + more, { stream: 'more', raw: 'more' }));
          await clock.runUntil(() => {
            feed.pump(lane);
            return lane.pendingRecords === 0 || clock.now() >= dayLater;
          });
        }
        const balance = account.balance(0);
        expect(unexplained(balance)).toBe(0);
        expect(balance.delivered).toBe(written.filter(({ fate }) => fate === 'sound').length + more);
        for (const name of ['0:', '1:', '2:', '3:']) {
          const ofKey = accepted.filter((text) => text.startsWith(name));
          expect(ofKey).toEqual(ofKey.toSorted());
        }
      }),
      { numRuns: 100 },
    );
  });
});
