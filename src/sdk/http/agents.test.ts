import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
} from 'node:http';
import { createServer as createHttpsServer, request as httpsRequest, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ConnectionOptions } from '../options/connection.ts';
import { createHttpAgents, type HttpAgents } from './agents.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../../test/fixtures/tls/${name}`, import.meta.url));
const certificateFile = fixture('localhost.crt');
const keyFile = fixture('localhost.key');
const certificate = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };

const toClose: (() => void)[] = [];

afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

const listen = async (server: Server): Promise<number> => {
  toClose.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** Answers with the client's port, so that reused connections can be told. */
const answer = (incoming: IncomingMessage): string => `${incoming.socket.remotePort} ${incoming.url}`;

const startHttp = (): Promise<number> =>
  listen(createHttpServer((incoming, response) => response.end(answer(incoming))));

const startHttps = (options: ServerOptions = {}): Promise<number> =>
  listen(createHttpsServer({ ...certificate, ...options }, (incoming, response) => response.end(answer(incoming))));

/** A forward proxy that notes what it was asked for. */
const startProxy = async (): Promise<{ readonly url: string; readonly asked: string[] }> => {
  const asked: string[] = [];
  const proxy = createHttpServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    response.end('by proxy');
  });
  proxy.on('connect', (incoming, socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    const target = connect(Number(incoming.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    toClose.push(() => target.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(proxy)}`, asked };
};

const agentsOf = (
  options: Partial<ConnectionOptions> = {},
  environment: Readonly<Record<string, string>> = {},
): HttpAgents => {
  const agents = createHttpAgents({ timeout: 30_000, ...options }, environment);
  toClose.push(() => agents.close());
  return agents;
};

const get = async (url: string, agents: HttpAgents, headers: OutgoingHttpHeaders = {}): Promise<string> => {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = url.startsWith('https:')
      ? httpsRequest(url, { agent: agents.httpsAgent, headers })
      : httpRequest(url, { agent: agents.httpAgent, headers });
    sent.on('response', resolve).on('error', reject).end();
  });
  return text(response);
};

describe('HTTP agents', () => {
  test('refuse a server whose certificate no known authority signed', async () => {
    const port = await startHttps();
    await expect(get(`https://localhost:${port}/`, agentsOf())).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  test('accept a server signed by the authority in ca_file', async () => {
    const port = await startHttps();
    const agents = agentsOf({ tls: { ca_file: certificateFile } });
    await expect(get(`https://localhost:${port}/a`, agents)).resolves.toMatch(/^\d+ \/a$/);
  });

  test('refuse a certificate for another name even when its authority is known', async () => {
    const port = await startHttps();
    const agents = agentsOf({ tls: { ca_file: certificateFile } });
    await expect(get(`https://localhost:${port}/`, agents, { host: 'service.invalid' })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  test('show a client certificate to a server that wants one', async () => {
    const port = await startHttps({ requestCert: true, rejectUnauthorized: true, ca: certificate.cert });
    const stranger = agentsOf({ tls: { ca_file: certificateFile } });
    const known = agentsOf({ tls: { ca_file: certificateFile, cert_file: certificateFile, key_file: keyFile } });
    await expect(get(`https://localhost:${port}/`, stranger)).rejects.toMatchObject({
      code: expect.stringMatching(/CERTIFICATE_REQUIRED|ECONNRESET/),
    });
    await expect(get(`https://localhost:${port}/b`, known)).resolves.toMatch(/ \/b$/);
  });

  test('say which certificate file is missing', () => {
    expect(() => agentsOf({ tls: { ca_file: '/none/ca.pem' } })).toThrow('/none/ca.pem');
  });

  test('use one connection again', async () => {
    const port = await startHttp();
    const agents = agentsOf();
    const first = await get(`http://127.0.0.1:${port}/`, agents);
    await expect(get(`http://127.0.0.1:${port}/`, agents)).resolves.toBe(first);
  });

  test('go through the configured proxy, also to https', async () => {
    const proxy = await startProxy();
    const port = await startHttps();
    const agents = agentsOf({ proxy: proxy.url, tls: { ca_file: certificateFile } });
    await expect(get(`https://localhost:${port}/c`, agents)).resolves.toMatch(/ \/c$/);
    await expect(get('http://service.invalid/d', agents)).resolves.toBe('by proxy');
    expect(proxy.asked).toEqual([`CONNECT localhost:${port}`, 'GET http://service.invalid/d']);
  });

  test("go through the environment's proxy, but for what NO_PROXY names", async () => {
    const proxy = await startProxy();
    const port = await startHttp();
    const agents = agentsOf({}, { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });
    await expect(get('http://service.invalid/', agents)).resolves.toBe('by proxy');
    await expect(get(`http://127.0.0.1:${port}/e`, agents)).resolves.toMatch(/ \/e$/);
    expect(proxy.asked).toEqual(['GET http://service.invalid/']);
  });

  test('close their connections, twice if asked to', async () => {
    const server = createHttpServer((_, response) => response.end('idle'));
    const connected = once(server, 'connection');
    const port = await listen(server);
    const agents = agentsOf();
    await get(`http://127.0.0.1:${port}/`, agents);
    const [socket] = await connected;
    const closed = once(socket, 'close');
    agents.close();
    agents.close();
    await expect(closed).resolves.toBeDefined();
  });
});
