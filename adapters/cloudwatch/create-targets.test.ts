import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { SendResult } from '#sdk';
import { Harness, DeadlineClock } from '../../test/fakes/cloudwatch/harness.ts';
import { isolateAws } from '../../test/fakes/cloudwatch/isolate-aws.ts';

let restoreAws: () => void;
let harness: Harness;
let clock: DeadlineClock;

beforeAll(() => {
  restoreAws = isolateAws();
});
afterAll(() => restoreAws());
afterEach(() => harness.close());

/** Starts with a clock that stands still, so that no load on this machine lets a batch wait in vain. */
const start = async (options: object = {}): Promise<void> => {
  clock = new DeadlineClock();
  harness = await Harness.start({ ...options }, { context: { clock } });
};

const callsOf = (operation: string): number => harness.fake.calls.get(operation) ?? 0;

/** Sends as a lane would: again after the wait that was asked for, until it is no longer a retry. */
const sendAsLane = async (stream: string): Promise<SendResult> => {
  for (;;) {
    const result = await harness.send([`line of ${stream}`], { stream });
    if (result.status !== 'retry') return result;
    expect(result).toMatchObject({ scope: 'batch' });
    await new Promise((resolve) => setTimeout(resolve, result.retryAfterMs ?? 10));
  }
};

describe('creation on demand', () => {
  test('a missing stream is created, and the batch arrives in the same send', async () => {
    await start();
    harness.fake.addGroup('billing');
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    expect(Object.fromEntries(harness.fake.calls)).toEqual({ PutLogEvents: 2, CreateLogStream: 1 });
  });

  test('a missing group is created with its retention, tags, class and key', async () => {
    await start({
      retention: '30d',
      tags: { team: 'billing' },
      class: 'infrequent_access',
      kms_key: 'arn:aws:kms:us-east-1:123456789012:key/1',
    });
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    expect(harness.fake.groups.get('billing')).toEqual({
      retentionInDays: 30,
      tags: { team: 'billing' },
      logGroupClass: 'INFREQUENT_ACCESS',
      kmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/1',
      streams: new Set(['billing-1']),
    });
    expect(harness.messages).toEqual(['one']);
  });

  test('a group that exists is not altered', async () => {
    await start({ retention: '30d', tags: { team: 'billing' } });
    harness.fake.addGroup('billing');
    await harness.send(['one']);
    expect(harness.fake.groups.get('billing')).toMatchObject({ retentionInDays: undefined, tags: {} });
  });

  test('a group that an operator deleted is created again', async () => {
    await start();
    await harness.send(['one']);
    harness.fake.deleteGroup('billing');
    await expect(harness.send(['two'])).resolves.toEqual({ status: 'delivered' });
    expect(harness.messages).toEqual(['one', 'two']);
  });

  test('a group whose creation was carried out but not answered is ours, and gets its retention', async () => {
    await start({ retention: '7d' });
    harness.fake.failNext('accept then reset', 1, 'CreateLogGroup');
    await expect(harness.send(['one'])).resolves.toMatchObject({ status: 'retry' });
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    expect(harness.fake.groups.get('billing')?.retentionInDays).toBe(7);
  });

  test('many streams of one new group create it once', async () => {
    await start({ retention: '1d' });
    const streams = Array.from({ length: 15 }, (_, index) => `s${index}`);
    const results = await Promise.all(streams.map((stream) => harness.send(['x'], { stream })));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['delivered']));
    expect([callsOf('CreateLogGroup'), callsOf('PutRetentionPolicy')]).toEqual([1, 1]);
    expect(harness.fake.groups.get('billing')?.streams.size).toBe(15);
  });

  test('that another host created it first is success', async () => {
    await start();
    harness.fake.addGroup('billing', 'billing-1');
    harness.fake.failNext('resource not found');
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    expect(callsOf('CreateLogStream')).toBe(1);
  });

  test('a stream that is created but not yet seen by puts is waited for', async () => {
    await start();
    harness.fake.addGroup('billing', 'billing-1');
    harness.fake.failNext('resource not found', 2);
    await expect(harness.send(['one'])).resolves.toMatchObject({ status: 'retry', scope: 'batch' });
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
  });

  test('thirty new streams at once stay below the quota and all get their lines', async () => {
    harness = await Harness.start();
    harness.fake.addGroup('billing', 'billing-1');
    const streams = Array.from({ length: 30 }, (_, index) => `s${index}`);
    const creating = Promise.all(streams.map(sendAsLane));
    await expect(harness.send(['exists'])).resolves.toEqual({ status: 'delivered' });
    for (const result of await creating) expect(result).toEqual({ status: 'delivered' });
    expect(callsOf('CreateLogStream')).toBe(30);
    expect(harness.messages).toHaveLength(31);
    expect(harness.messages.indexOf('exists')).toBeLessThan(30);
  });

  test('a creation that gets no answer holds its batch back for a second, not for the whole timeout', async () => {
    await start();
    harness.fake.addGroup('billing');
    harness.fake.failNext('hang', 1, 'CreateLogStream');
    const held = {
      status: 'retry',
      scope: 'batch',
      reason: 'log stream billing-1 of billing is being created',
      retryAfterMs: 0,
    };
    await expect(clock.expireUntil(harness.send(['one']), 1000)).resolves.toEqual(held);
    await expect(clock.expireUntil(harness.send(['one']), 1000)).resolves.toEqual(held);
    expect(callsOf('CreateLogStream')).toBe(1);
  });
});

describe('creation that fails', () => {
  test.each([
    ['throttling', { status: 'retry', scope: 'batch' }],
    ['operation aborted', { status: 'retry', scope: 'batch' }],
    ['unavailable', { status: 'retry', scope: 'destination' }],
    ['reset', { status: 'retry', scope: 'destination' }],
    ['access denied', { status: 'denied', scope: 'batch' }],
    ['invalid parameter', { status: 'denied', scope: 'batch' }],
  ] as const)('with "%s" loses nothing and says what could not be created', async (fault, expected) => {
    await start();
    harness.fake.addGroup('billing');
    harness.fake.failNext(fault, 1, 'CreateLogStream');
    const result = await harness.send(['one']);
    expect(result).toMatchObject({ ...expected, reason: expect.stringContaining('billing/billing-1') });
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
  });

  test('of a group concerns only the batches of that group', async () => {
    await start();
    harness.fake.denied.add('audit');
    await expect(harness.send(['x'], { service: 'audit' })).resolves.toMatchObject({
      status: 'denied',
      scope: 'batch',
    });
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
  });

  test('"create: streams" creates no group and says so', async () => {
    await start({ create: 'streams' });
    await expect(harness.send(['one'])).resolves.toMatchObject({
      status: 'denied',
      scope: 'batch',
      reason: expect.stringContaining('log group does not exist'),
    });
    expect(callsOf('CreateLogGroup')).toBe(0);
  });

  test('"create: nothing" creates nothing and says so', async () => {
    await start({ create: 'nothing' });
    harness.fake.addGroup('billing');
    await expect(harness.send(['one'])).resolves.toMatchObject({
      status: 'denied',
      scope: 'batch',
      reason: expect.stringContaining('log stream does not exist'),
    });
    expect(callsOf('CreateLogStream')).toBe(0);
  });

  test('a retention that is throttled is set a little later', async () => {
    await start({ retention: '7d' });
    harness.fake.failNext('throttling', 1, 'PutRetentionPolicy');
    await clock.expireUntil(sendAsLane('billing-1'), 2000);
    expect(harness.fake.groups.get('billing')?.retentionInDays).toBe(7);
  });

  test('a retention that may not be set holds no line back, and the log says what to do', async () => {
    await start({ retention: '7d' });
    harness.fake.failNext('access denied', 1, 'PutRetentionPolicy');
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    expect(harness.logged).toContainEqual({
      level: 'error',
      message: 'log group created, but its retention could not be set',
      fields: expect.objectContaining({
        group: 'billing',
        remedy: 'aws logs put-retention-policy --log-group-name billing --retention-in-days 7',
      }),
    });
  });
});
