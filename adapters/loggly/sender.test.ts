import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { batchesOf, openSender, type OpenedSender, type RawOptions } from '../../test/contracts/adapter-subject.ts';
import type { FakeServer } from '../../test/fakes/http/fake-server.ts';
import { logglyFaults, startFakeLoggly } from '../../test/fakes/loggly.ts';
import { eventsOf } from '../../test/support/events.ts';
import { loggly } from './index.ts';

const token = 'good-token';
const never = new AbortController().signal;

let fake: FakeServer;
let opened: OpenedSender | undefined;
let folder: string;

beforeEach(async () => {
  fake = await startFakeLoggly(token);
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-loggly-'));
});

afterEach(async () => {
  await opened?.sender.close();
  await fake.close();
  await rm(folder, { recursive: true });
});

const open = async (options: RawOptions = {}) => {
  opened = await openSender(loggly, { token, endpoint: fake.url, ...options });
  const [batch] = batchesOf(opened, eventsOf(3));
  if (batch === undefined) throw new Error('no batch');
  const { sender } = opened;
  return { send: (signal = never) => sender.send(batch, signal), batch };
};

describe('the Loggly sender', () => {
  test('delivers events in order under their tags', async () => {
    const { send } = await open({ tags: ['prod', '{{service}}'] });
    expect(await send()).toEqual({ status: 'delivered' });
    expect(fake.received.map(({ key, id }) => [key, id])).toEqual([
      ['prod,billing', 'id-0'],
      ['prod,billing', 'id-1'],
      ['prod,billing', 'id-2'],
    ]);
  });

  test('takes an endpoint with a path and a slash at its end', async () => {
    const { send } = await open({ endpoint: `${fake.url}/relay/` });
    expect(await send()).toMatchObject({ status: 'denied', reason: expect.stringContaining('404') });
  });

  test.each([
    ['badToken', 'denied'],
    ['tooLarge', 'split'],
    ['badRequest', 'denied'],
    ['notFound', 'denied'],
    ['gone', 'denied'],
    ['throttled', 'retry'],
    ['serverError', 'retry'],
    ['notImplemented', 'retry'],
    ['unavailable', 'retry'],
  ] as const)('answers %s with %s, and delivers afterwards', async (fault, status) => {
    const { send } = await open();
    fake.failNext(logglyFaults[fault]);
    expect(await send()).toMatchObject({ status, reason: expect.stringContaining(fake.url) });
    expect(fake.received).toEqual([]);
    expect(await send()).toEqual({ status: 'delivered' });
  });

  test('comes back when it is told to', async () => {
    const { send } = await open();
    fake.failNext({ kind: 'status', status: 503, headers: { 'retry-after': '7' } });
    expect(await send()).toMatchObject({ status: 'retry', retryAfterMs: 7000 });
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
    expect(fake.received.map(({ id }) => id)).toEqual(['id-0', 'id-1', 'id-2', 'id-0', 'id-1', 'id-2']);
  });

  test('reads its token anew once it was refused', async () => {
    const file = path.join(folder, 'token');
    await writeFile(file, 'old-token\n');
    const { send } = await open({ token: { file } });
    expect(await send()).toMatchObject({ status: 'denied', reason: expect.stringContaining('403') });
    await writeFile(file, `${token}\n`);
    expect(await send()).toEqual({ status: 'delivered' });
  });

  test('waits for a token that can not be read, naming its file', async () => {
    const file = path.join(folder, 'missing');
    const { send } = await open({ token: { file } });
    expect(await send()).toMatchObject({ status: 'denied', reason: expect.stringContaining(file) });
    expect(fake.requests).toBe(0);
  });

  test('does not break on a token that is no text', async () => {
    const { send } = await open({ token: 'torn\ud800' });
    expect(await send()).toMatchObject({ status: 'denied' });
  });
});
