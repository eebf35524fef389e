import { once } from 'node:events';
import { chmod, chown, lstat, stat, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { z } from 'zod';
import { codeOf, messageOf } from '../platform/error.ts';
import { fitsSocketAddress, isListenedOn, maxSocketPathBytes } from '../platform/socket-file.ts';
import { RequestError } from './request-error.ts';
import type { ServedRoute } from './served-route.ts';

export interface ControlServer {
  /** Ends all answers that go on. May be called twice. */
  close(): Promise<void>;
}

/** Owner and group may ask, nobody else. */
const socketMode = 0o660;
const maxBodyCharacters = 64 * 1024;
const maxConnections = 64;

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += String(chunk);
    if (body.length > maxBodyCharacters) throw new RequestError(413, 'too long a request');
  }
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch (error) {
    throw new RequestError(400, `the request is no JSON: ${messageOf(error)}`);
  }
};

const inputOf = async (request: IncomingMessage, url: URL): Promise<unknown> =>
  request.method === 'POST' ? await readBody(request) : Object.fromEntries(url.searchParams);

const findRoute = (routes: readonly ServedRoute[], method: string | undefined, path: string): ServedRoute => {
  const atPath = routes.filter((route) => route.path === path);
  const route = atPath.find((each) => each.method === method);
  if (route !== undefined) return route;
  const known = routes.map((each) => `${each.method} ${each.path}`).join(', ');
  throw new RequestError(atPath.length === 0 ? 404 : 405, `there is: ${known}`);
};

const writeJson = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(value)}\n`);
};

const writeStream = async (
  response: ServerResponse,
  values: AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<void> => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
  for await (const value of values) {
    if (signal.aborted) return;
    if (!response.write(`${JSON.stringify(value)}\n`)) await once(response, 'drain', { signal });
  }
  response.end();
};

const describeRefusal = (error: unknown): { readonly status: number; readonly error: string } => {
  if (error instanceof RequestError) return { status: error.status, error: error.message };
  if (error instanceof z.ZodError) return { status: 400, error: z.prettifyError(error).replaceAll('\n', ' ') };
  return { status: 500, error: messageOf(error) };
};

const answer = async (
  routes: readonly ServedRoute[],
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://agent');
  const route = findRoute(routes, request.method, url.pathname);
  const input = await inputOf(request, url);
  if (route.kind === 'once') writeJson(response, 200, await route.answer(input, signal));
  else await writeStream(response, route.answer(input, signal), signal);
};

const refuse = (response: ServerResponse, error: unknown): void => {
  const { status, error: message } = describeRefusal(error);
  // In the middle of a stream the last line says what ended it.
  if (response.headersSent) response.end(`${JSON.stringify({ error: message })}\n`);
  else writeJson(response, status, { error: message });
};

const listen = async (server: Server, path: string): Promise<void> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
};

/** Takes the place of a socket that a killed agent left; of nothing else. */
const replaceLeftSocket = async (server: Server, path: string): Promise<void> => {
  const found = await lstat(path);
  if (!found.isSocket()) throw new Error(`${path} is no socket: move it away`);
  if (await isListenedOn(path)) throw new Error(`${path} is another agent's; give this one "admin: { socket: PATH }"`);
  await unlink(path);
  await listen(server, path);
};

/**
 * The group of the directory says who may ask: the socket gets it, where we may give it away. Until then the usual umask
 * lets nobody else write to the socket, and so connect.
 */
const giveToGroup = async (path: string): Promise<void> => {
  const [{ gid }, own] = await Promise.all([stat(dirname(path)), stat(path)]);
  if (own.gid !== gid) {
    await chown(path, -1, gid).catch((error: unknown) => {
      if (codeOf(error) !== 'EPERM') throw error;
    });
  }
  await chmod(path, socketMode);
};

/**
 * Answers on a Unix socket, in HTTP/1.1 and JSON, so that `curl --unix-socket` can ask as well. An error is
 * `{"error": "..."}` under a fitting status.
 *
 * @throws {Error} when the socket can't be made, saying why.
 */
export const startControlServer = async (path: string, routes: readonly ServedRoute[]): Promise<ControlServer> => {
  if (!fitsSocketAddress(path)) throw new Error(`${path} is longer than the ${maxSocketPathBytes} bytes of a socket`);
  const ended = new AbortController();
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('nobody waits for the answer')));
    const signal = AbortSignal.any([gone.signal, ended.signal]);
    answer(routes, request, response, signal).catch((error: unknown) => {
      if (!signal.aborted) refuse(response, error);
    });
  });
  server.maxConnections = maxConnections;
  await listen(server, path).catch(async (error: unknown) => {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    await replaceLeftSocket(server, path);
  });
  server.unref();
  await giveToGroup(path);
  return {
    close: () =>
      new Promise((resolve) => {
        ended.abort(new Error('the agent stops'));
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
