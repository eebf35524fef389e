import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/platform/clock.ts';
import { batchesOf, openSender, type OpenedSender, type RawOptions } from '../../test/contracts/adapter-subject.ts';
import type { FakeServer } from '../../test/fakes/http/fake-server.ts';
import { logdnaFaults, logdnaVerdicts, startFakeLogdna } from '../../test/fakes/logdna.ts';
import { encodable, eventOf, eventsOf, eventTimeUs } from '../../test/support/events.ts';
import { logdna } from './index.ts';

const key = 'good-key';
const never = new AbortController().signal;
const nowMs = Math.floor(eventTimeUs / 1000);
const clock = { ...systemClock, now: () => nowMs };

let fake: FakeServer;
let opened: OpenedSender | undefined;
let folder: string;

beforeEach(async () => {
  fake = await startFakeLogdna(key);
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-logdna-'));
});

afterEach(async () => {
  await opened?.sender.close();
  await fake.close();
  await rm(folder, { recursive: true });
});

const open = async (options: RawOptions = {}) => {
  opened = await openSender(logdna, { key, endpoint: fake.url, ...options }, { clock });
  const [batch] = batchesOf(opened, eventsOf(4));
  if (batch === undefined) throw new Error('no batch');
  const { sender } = opened;
  return { sender, send: (signal = never) => sender.send(batch, signal), batch };
};

describe('the LogDNA sender', () => {
  test('delivers lines in order under their host, at their time', async () => {
    const { send } = await open();
    expect(await send()).toEqual({ status: 'delivered' });
    expect(fake.received.map(({ key: host, id }) => [host, id])).toEqual([
      ['host-1', 'id-0'],
      ['host-1', 'id-1'],
      ['host-1', 'id-2'],
      ['host-1', 'id-3'],
    ]);
    expect(JSON.parse(fake.received[0]?.text ?? '')).toMatchObject({ timestamp: nowMs, line: 'line 0' });
  });

  test('sends what was restamped under its new time and keeps the true one', async () => {
    const { sender, batch } = await open();
    const entries = batch.entries.map((entry) => ({ ...entry, timeMs: nowMs + 5000 }));
    expect(await sender.send({ ...batch, entries }, never)).toEqual({ status: 'delivered' });
    const meta = { time: '2026-11-22T05:40:00.123456Z' };
    expect(JSON.parse(fake.received[0]?.text ?? '')).toMatchObject({ timestamp: nowMs + 5000, meta });
  });

  test('counts the bytes of a batch as they are sent', async () => {
    const bodies: number[] = [];
    const { send, batch } = await open();
    const serve = ({ body }: { readonly body: Buffer }) => {
      bodies.push(body.length);
      return { answer: { status: 200, body: '{"status":"ok"}' }, accepted: [] };
    };
    fake.failNext({ kind: 'instead', serve });
    await send();
    const commaAfterTheLast = 1;
    expect(bodies).toEqual([batch.bytes - commaAfterTheLast]);
  });

  test('tells apart the lines that were taken, refused and not taken yet', async () => {
    const { send } = await open();
    fake.failNext(logdnaVerdicts((index) => [200, 400, 500, 429][index] ?? 200));
    expect(await send()).toEqual({
      status: 'partial',
      rejected: [{ index: 1, reason: 'line refused with status 400' }],
      retry: [2, 3],
    });
    expect(fake.received.map(({ id }) => id)).toEqual(['id-0']);
  });

  test('keeps lines that were refused because of the key', async () => {
    const { send } = await open();
    fake.failNext(logdnaVerdicts(() => 403));
    expect(await send()).toEqual({ status: 'partial', rejected: [], retry: [0, 1, 2, 3] });
  });

  test('takes a 207 without a refusal for a delivery', async () => {
    const { send } = await open();
    fake.failNext({ kind: 'status', status: 207, body: '{"status":[200,200,200,200]}' });
    expect(await send()).toEqual({ status: 'delivered' });
  });

  test.each(['{"status":[200]}', '{"status":["200"]}', '<html></html>', '', 'null'])(
    'sends everything again after a 207 that does not judge each line: %s',
    async (body) => {
      const { send } = await open();
      fake.failNext({ kind: 'status', status: 207, body });
      expect(await send()).toMatchObject({ status: 'retry' });
    },
  );

  test.each([
    ['tooLargeForQueue', 'split'],
    ['tooLarge', 'split'],
    ['badRequest', 'rejected'],
    ['badKey', 'denied'],
    ['suspended', 'denied'],
    ['throttled', 'retry'],
    ['serverError', 'retry'],
    ['badGateway', 'retry'],
    ['unavailable', 'retry'],
    ['gatewayTimeout', 'retry'],
    ['cloudflareDown', 'retry'],
    ['cloudflareConnect', 'retry'],
    ['cloudflareTimeout', 'retry'],
  ] as const)('answers %s with %s, and delivers afterwards', async (fault, status) => {
    const { send } = await open();
    fake.failNext(logdnaFaults[fault]);
    expect(await send()).toMatchObject({ status, reason: expect.stringContaining(fake.url) });
    expect(fake.received).toEqual([]);
    expect(await send()).toEqual({ status: 'delivered' });
  });

  test('comes back when it is told to', async () => {
    const { send } = await open();
    fake.failNext(logdnaFaults.throttled);
    expect(await send()).toMatchObject({ retryAfterMs: 7000 });
  });

  test('sends again what was accepted and never answered', async () => {
    const { send } = await open();
    fake.failNext({ kind: 'accept, then hang' });
    const stop = new AbortController();
    const sending = send(stop.signal);
    await fake.waitForRequests(1);
    stop.abort();
    expect(await sending).toMatchObject({ status: 'retry' });
    expect(await send()).toEqual({ status: 'delivered' });
    expect(fake.received).toHaveLength(8);
  });

  test('reads its key anew once it was refused', async () => {
    const file = path.join(folder, 'key');
    await writeFile(file, 'old-key\n');
    const { send } = await open({ key: { file } });
    expect(await send()).toMatchObject({ status: 'denied', reason: expect.stringContaining('401') });
    await writeFile(file, `${key}\n`);
    expect(await send()).toEqual({ status: 'delivered' });
  });

  test('waits for a key that can not be read, naming its file', async () => {
    const file = path.join(folder, 'missing');
    const { send } = await open({ key: { file } });
    expect(await send()).toMatchObject({ status: 'denied', reason: expect.stringContaining(file) });
  });

  test('files lines without a host under this one', async () => {
    const { sender } = await open();
    expect(sender.batchKey(encodable(eventOf({ info: {} })))).toBe('host-1');
  });
});

describe('the LogDNA options', () => {
  test.each(['1kB', '33kB', '16'])('refuse a max_line of %s', (size) => {
    expect(logdna.options.safeParse({ key, max_line: size }).success).toBe(false);
  });

  test('let a line be as long as the larger of the documented limits', () => {
    expect(logdna.limits(logdna.options.parse({ key, max_line: '32kB' })).maxEventBytes).toBe(32_000);
  });

  test.each(['a,b', 'a b', ''])('refuse the tag %j', (tag) => {
    expect(logdna.options.safeParse({ key, tags: [tag] }).success).toBe(false);
  });
});
