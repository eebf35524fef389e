import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Harness } from '../../test/fakes/cloudwatch/harness.ts';
import { isolateAws } from '../../test/fakes/cloudwatch/isolate-aws.ts';
import { encodable, eventOf, structuredEventOf } from '../../test/support/events.ts';

const hourMs = 3_600_000;
let restoreAws: () => void;
let harness: Harness;

beforeAll(() => {
  restoreAws = isolateAws();
});
afterAll(() => restoreAws());
afterEach(() => harness.close());

describe('encoding', () => {
  test("events are written in the destination's encoding", async () => {
    harness = await Harness.start({}, { context: { encoding: 'structured' } });
    expect(JSON.parse(harness.sender.encode(encodable(eventOf({ message: 'hello' }))) ?? '')).toMatchObject({
      message: 'hello',
    });
  });

  test('an event with nothing in it is not sent', async () => {
    harness = await Harness.start();
    expect(harness.sender.encode(encodable(eventOf({ message: '' })))).toBeUndefined();
  });

  test('embedded metrics pass as written, whatever the encoding', async () => {
    harness = await Harness.start({}, { context: { encoding: 'structured' } });
    const metric = structuredEventOf({ _aws: { CloudWatchMetrics: [], Timestamp: 1 }, latency: 3 });
    expect(harness.sender.encode(encodable(metric))).toBe(metric.raw);
  });

  test('torn characters are replaced, so that what is sent has the bytes that were counted', async () => {
    harness = await Harness.start();
    expect(harness.sender.encode(encodable(eventOf({ message: 'a\ud800b' })))).toBe('a\ufffdb');
  });
});

describe('sending', () => {
  test('a batch goes to the group and stream of its templates', async () => {
    harness = await Harness.start({ group: '/ecs/{{service}}', stream: '{{host}}/{{stream}}' });
    harness.fake.addGroup('/ecs/billing', 'host-1/task/1');
    await expect(harness.send(['one', 'two'], { stream: 'task:1' })).resolves.toEqual({ status: 'delivered' });
    expect(harness.fake.received).toMatchObject([
      { group: '/ecs/billing', stream: 'host-1/task/1', message: 'one', acceptedAt: 0 },
      { group: '/ecs/billing', stream: 'host-1/task/1', message: 'two', acceptedAt: 1 },
    ]);
  });

  test('what exists costs one call, and none that describes or creates', async () => {
    harness = await Harness.start();
    harness.fake.addGroup('billing', 'billing-1');
    await harness.send(['one']);
    await harness.send(['two']);
    expect(Object.fromEntries(harness.fake.calls)).toEqual({ PutLogEvents: 2 });
  });

  test('lines arrive by time, and in the order of the source within a millisecond', async () => {
    harness = await Harness.start();
    harness.fake.addGroup('billing', 'billing-1');
    const now = Date.now();
    await harness.send([
      { message: 'c', timeMs: now },
      { message: 'a', timeMs: now - 5 },
      { message: 'd', timeMs: now + 0.4 },
      { message: 'b', timeMs: now - 5 },
    ]);
    expect(harness.messages).toEqual(['a', 'b', 'c', 'd']);
  });

  test('the largest batch of bytes and the largest batch of events are taken', async () => {
    harness = await Harness.start();
    harness.fake.addGroup('billing', 'billing-1');
    const largest = '\u00e9'.repeat((1_048_576 - 26) / 2);
    await expect(harness.send([largest])).resolves.toEqual({ status: 'delivered' });
    const timeMs = Date.now();
    const many = Array.from({ length: 10_000 }, (_, index) => ({ message: `${index}`, timeMs }));
    await expect(harness.send(many)).resolves.toEqual({ status: 'delivered' });
    expect(harness.messages).toHaveLength(10_001);
  });

  test('a batch that is too large for the service is to be split', async () => {
    harness = await Harness.start();
    harness.fake.addGroup('billing', 'billing-1');
    await expect(harness.send(['x'.repeat(600_000), 'y'.repeat(600_000)])).resolves.toEqual({
      status: 'split',
      reason: 'InvalidParameterException: Upload too large: 1200052 bytes exceeds limit of 1048576',
    });
    await expect(harness.send(['x'.repeat(1_048_551)])).resolves.toMatchObject({ status: 'split' });
  });

  test('events that the service finds too old, expired or too new are named by their place in the batch', async () => {
    harness = await Harness.start({ retention: '3d' });
    await harness.send(['first']);
    const now = Date.now();
    const result = await harness.send([
      { message: 'new', timeMs: now + 3 * hourMs },
      { message: 'good', timeMs: now },
      { message: 'expired', timeMs: now - 80 * hourMs },
      { message: 'old', timeMs: now - 15 * 24 * hourMs },
    ]);
    // A batch whose valid events span more than a day is another matter: 80 hours old is still valid for the service.
    expect(result).toMatchObject({ status: 'rejected' });
    await expect(
      harness.send([
        { message: 'new', timeMs: now + 3 * hourMs },
        { message: 'good', timeMs: now },
        { message: 'old', timeMs: now - 15 * 24 * hourMs },
      ]),
    ).resolves.toEqual({
      status: 'partial',
      retry: [],
      rejected: [
        { index: 2, as: 'too old', reason: expect.stringContaining('14 days') },
        { index: 0, as: 'too new', reason: expect.stringContaining('2 hours') },
      ],
    });
    await expect(harness.send([{ message: 'expired', timeMs: now - 80 * hourMs }])).resolves.toMatchObject({
      status: 'partial',
      rejected: [{ index: 0, as: 'too old', reason: expect.stringContaining('retention') }],
    });
    expect(harness.messages).toEqual(['first', 'good']);
  });

  test('closing twice is as good as once', async () => {
    harness = await Harness.start();
    harness.fake.addGroup('billing', 'billing-1');
    await harness.send(['one']);
    await harness.sender.close();
    await expect(harness.sender.close()).resolves.toBeUndefined();
  });

  test('a signal ends a call that gets no answer', async () => {
    harness = await Harness.start();
    harness.fake.addGroup('billing', 'billing-1');
    harness.fake.failNext('hang');
    const stop = new AbortController();
    const sending = harness.send(['one'], {}, stop.signal);
    stop.abort();
    await expect(sending).resolves.toMatchObject({
      status: 'retry',
      scope: 'destination',
      reason: expect.stringContaining('stopped'),
    });
  });
});
