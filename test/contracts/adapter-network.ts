import { afterEach, describe, expect, test } from '@jest/globals';
import type { Batch, SendResult } from '#sdk';
import type { FakeRequest } from '../fakes/http/exchange.ts';
import type { Fault } from '../fakes/http/fault.ts';
import {
  closedPortUrl,
  startFakeServer,
  untrustedCertificateFile,
  type FakeServer,
} from '../fakes/http/fake-server.ts';
import { eventOf } from '../support/events.ts';
import { batchesOf, openSender, type AdapterSubject, type OpenedSender, type RawOptions } from './adapter-subject.ts';

/** Ends by the `timeout` option alone, so that each costs it once. */
const endlessFaults: readonly Fault[] = [
  { kind: 'hang' },
  { kind: 'accept, then hang' },
  { kind: 'accept, then trickle' },
  { kind: 'status', status: 100 },
  { kind: 'status', status: 101 },
  { kind: 'status', status: 103 },
];

const brokenAnswers: readonly Fault[] = [
  { kind: 'reset' },
  { kind: 'html' },
  { kind: 'garbage' },
  { kind: 'accept, then reset' },
  { kind: 'accept, then truncate' },
  { kind: 'accept, then answer nonsense' },
];

const redirect: Fault = { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/elsewhere' } };

const temporaryStatuses = [429, 500, 501, 502, 503, 504, 521, 599];
const allStatuses = [204, 206, 300, 301, 304, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 413, 414, 422, 451];

/** Whatever a request shows of itself, as a debugging proxy prints it; credentials first, since quotes are short. */
const echo = ({ url, headers, body }: FakeRequest): string =>
  JSON.stringify([headers['authorization'], url.href, headers, body.toString()]);

const disguisesOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(`${secret}:`).toString('base64'),
];

const describeFault = (fault: Fault): string => (fault.kind === 'status' ? `status ${fault.status}` : fault.kind);

const statusFault = (status: number): Fault => ({ kind: 'status', status });

const takesNothing = () => ({ answer: { status: 200, body: '' }, accepted: [] });

/** What every adapter makes of a network and of a server that is not its service, or not in order. */
export const describeNetworkAdapter = (
  { manifest, context }: AdapterSubject,
  network: NonNullable<AdapterSubject['network']>,
): void => {
  const toClose: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(toClose.splice(0).map((closable) => closable.close()));
  });

  const startServer = async (tls = false): Promise<FakeServer> => {
    const server = await startFakeServer(takesNothing, { tls });
    toClose.push(server);
    return server;
  };

  const open = async (url: string, options: RawOptions = {}): Promise<OpenedSender & { readonly batch: Batch }> => {
    const opened = await openSender(manifest, { ...network.options(url), ...options }, context);
    toClose.push(opened.sender);
    const [batch] = batchesOf(opened, [eventOf({ timeUs: Date.now() * 1000 })]);
    if (batch === undefined) throw new Error('the adapter finds nothing in a sound event');
    return { ...opened, batch };
  };

  const sendDespite = async (fault: Fault, options: RawOptions = {}): Promise<SendResult> => {
    const server = await startServer();
    // Some clients try again by themselves.
    server.failNext(fault, 5);
    const { sender, batch } = await open(server.url, options);
    return sender.send(batch, new AbortController().signal);
  };

  const retryDestination = { status: 'retry', scope: 'destination', reason: expect.stringMatching(/\S/) };

  describe('tries again later', () => {
    test('when the connection is refused', async () => {
      const { sender, batch } = await open(await closedPortUrl());
      expect(await sender.send(batch, new AbortController().signal)).toMatchObject(retryDestination);
    });

    test('when the certificate is not trusted, and says so', async () => {
      const { sender, batch } = await open((await startServer(true)).url);
      const result = await sender.send(batch, new AbortController().signal);
      expect(result).toMatchObject({ ...retryDestination, reason: expect.stringMatching(/certificate/) });
    });

    test('when the server does not speak TLS', async () => {
      const { url } = await startServer();
      const { sender, batch } = await open(url.replace('http:', 'https:'));
      expect(await sender.send(batch, new AbortController().signal)).toMatchObject(retryDestination);
    });

    test.each(endlessFaults.map((fault) => [describeFault(fault), fault] as const))(
      'when no answer comes within `timeout`: %s',
      async (_, fault) => {
        expect(await sendDespite(fault, { timeout: '100ms' })).toMatchObject(retryDestination);
      },
    );

    test.each(brokenAnswers.map((fault) => [describeFault(fault), fault] as const))(
      'when the answer is broken: %s',
      async (_, fault) => {
        expect(await sendDespite(fault)).toMatchObject(retryDestination);
      },
    );

    test.each(temporaryStatuses)('when the answer is %d', async (status) => {
      expect(await sendDespite(statusFault(status))).toMatchObject({ status: 'retry' });
    });

    test('when it is redirected, without following', async () => {
      expect(await sendDespite(redirect)).toMatchObject({ status: 'retry' });
    });
  });

  test.each(allStatuses)('takes an empty answer of %d for no receipt', async (status) => {
    const result = await sendDespite(statusFault(status));
    expect(['retry', 'denied', 'split', 'rejected']).toContain(result.status);
  });

  test.each([401, 403])('takes %d for a matter of rights: keeps everything', async (status) => {
    expect(await sendDespite(statusFault(status))).toMatchObject({ status: 'denied' });
  });

  test('trusts the authorities of `tls.ca_file`', async () => {
    const server = await startServer(true);
    const { sender, batch } = await open(server.url, { tls: { ca_file: untrustedCertificateFile } });
    await sender.send(batch, new AbortController().signal);
    expect(server.requests).toBeGreaterThan(0);
  });

  test('goes through the configured proxy', async () => {
    const proxy = await startServer();
    const { sender, batch } = await open(await closedPortUrl(), { proxy: proxy.url });
    await sender.send(batch, new AbortController().signal);
    expect(proxy.requests).toBeGreaterThan(0);
  });

  test('settles when it is stopped, though the server never answers', async () => {
    const server = await startServer();
    server.failNext({ kind: 'hang' });
    const { sender, batch } = await open(server.url, { timeout: '1h' });
    const stop = new AbortController();
    const sending = sender.send(batch, stop.signal);
    await server.waitForRequests(1);
    stop.abort();
    expect(await sending).toMatchObject({ status: 'retry' });
  });

  test('sends nothing once it is stopped', async () => {
    const server = await startServer();
    const { sender, batch } = await open(server.url);
    expect(await sender.send(batch, AbortSignal.abort())).toMatchObject({ status: 'retry' });
    expect(server.requests).toBe(0);
  });

  test('shows its secret to nobody but the service, not even when a page echoes the request', async () => {
    const server = await startServer();
    const { sender, batch, said } = await open(server.url);
    const results: SendResult[] = [];
    for (const status of [200, 207, 400, 401, 403, 404, 413, 429, 500]) {
      const serve = (request: FakeRequest) => ({ answer: { status, body: echo(request) }, accepted: [] });
      server.failNext({ kind: 'instead', serve });
      results.push(await sender.send(batch, new AbortController().signal));
    }
    await server.close();
    results.push(await sender.send(batch, new AbortController().signal));
    const shown = JSON.stringify([results, said]);
    for (const disguise of disguisesOf(network.secret)) expect(shown).not.toContain(disguise);
  });
};
