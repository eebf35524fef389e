import { afterEach, describe, expect, test } from '@jest/globals';
import axios from 'axios';
import { z } from 'zod';
import type { FakeRequest } from '../../../test/fakes/http/exchange.ts';
import { closedPortUrl, startFakeServer, type FakeServer } from '../../../test/fakes/http/fake-server.ts';
import { connectionOptions } from '../options/connection.ts';
import { createHttpPoster } from './post.ts';

const never = new AbortController().signal;
const schema = z.object(connectionOptions);
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((closable) => closable.close()));
});

const startServer = async (requests: FakeRequest[] = []): Promise<FakeServer> => {
  const server = await startFakeServer((request) => {
    requests.push(request);
    return { answer: { status: 200, headers: { 'retry-after': '3' }, body: '{"ok":true}' }, accepted: [] };
  });
  opened.push(server);
  return server;
};

const open = (options: z.input<typeof schema> = {}, environment: Readonly<Record<string, string>> = {}) => {
  const poster = createHttpPoster(axios, schema.parse(options), environment);
  opened.push(poster);
  return poster;
};

const request = (url: string, body = '{"a":1}') => ({
  url: new URL(url),
  headers: { 'content-type': 'application/json' },
  body,
});

describe('an HTTP post', () => {
  test('sends the body byte for byte and gives the answer as it came', async () => {
    const requests: FakeRequest[] = [];
    const { url } = await startServer(requests);
    const body = ' {"caf\u00e9": "\u{1f600}",  "torn": "\ud800"}\n';
    expect(await open().post(request(`${url}/in?a=b`, body), never)).toEqual({
      answer: { status: 200, contentType: 'application/json', retryAfter: '3', body: '{"ok":true}' },
    });
    expect(requests[0]?.body).toEqual(Buffer.from(body));
    expect(requests[0]?.url.href).toBe(`${url}/in?a=b`);
  });

  test('is compressed where that is wanted, and says so', async () => {
    const requests: FakeRequest[] = [];
    const { url } = await startServer(requests);
    const body = JSON.stringify({ line: 'the same again '.repeat(100) });
    const poster = createHttpPoster(axios, { ...schema.parse({}), compression: 'gzip' }, {});
    opened.push(poster);
    await poster.post(request(`${url}/in`, body), never);
    await open().post(request(`${url}/in`, body), never);
    expect(requests.map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', undefined]);
    expect(Number(requests[0]?.headers['content-length'])).toBeLessThan(body.length / 5);
    expect(requests.map((each) => each.body.toString())).toEqual([body, body]);
  });

  test("goes through the environment's proxy, unless the host is named in NO_PROXY", async () => {
    const proxied: FakeRequest[] = [];
    const direct: FakeRequest[] = [];
    const proxy = await startServer(proxied);
    const server = await startServer(direct);
    const nowhere = await closedPortUrl();
    await open({}, { HTTP_PROXY: proxy.url }).post(request(`${nowhere}/in`), never);
    expect(proxied.map(({ url }) => url.href)).toEqual([`${nowhere}/in`]);
    await open({}, { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' }).post(request(`${server.url}/in`), never);
    expect([proxied.length, direct.length]).toEqual([1, 1]);
  });

  test('breaks off an answer that has no end', async () => {
    const server = await startServer();
    server.failNext({ kind: 'status', status: 200, body: 'x'.repeat(2 * 1024 * 1024) });
    expect(await open().post(request(server.url), never)).toMatchObject({ failure: { status: 'retry' } });
  });

  test('says how long it waited for an answer', async () => {
    const server = await startServer();
    server.failNext({ kind: 'hang' });
    expect(await open({ timeout: '50ms' }).post(request(server.url), never)).toEqual({
      failure: { status: 'retry', scope: 'destination', reason: `${server.url} did not answer within 50 ms` },
    });
  });
});
