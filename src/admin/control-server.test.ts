import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ControlClient, UnknownAnswerError } from './control-client.ts';
import type { OnceRoute, StreamRoute } from './control-routes.ts';
import { startControlServer, type ControlServer } from './control-server.ts';
import { RequestError } from './request-error.ts';
import { serveOnce, serveStream } from './served-route.ts';

const halve = {
  kind: 'once',
  method: 'GET',
  path: '/halve',
  input: z.object({ number: z.coerce.number().int() }),
  output: z.object({ half: z.number() }),
} as const satisfies OnceRoute<z.ZodObject, z.ZodType>;
const keep = { ...halve, method: 'POST', path: '/keep', input: z.object({ word: z.string().max(5) }) } as const;
const count = {
  kind: 'stream',
  method: 'GET',
  path: '/count',
  input: z.object({ from: z.coerce.number() }),
  output: z.object({ number: z.number() }),
} as const satisfies StreamRoute<z.ZodObject, z.ZodType>;

let folder: string;
let path: string;
let servers: ControlServer[] = [];
let ended: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-control-'));
  path = join(folder, 'admin.sock');
  ended = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  rmSync(folder, { recursive: true });
});

const routes = [
  serveOnce(halve, async ({ number }) => {
    if (number % 2 === 1) throw new RequestError(409, `${number} has no half`);
    return { half: number / 2 };
  }),
  serveOnce(keep, async ({ word }) => ({ half: word.length / 2 })),
  serveStream(count, async function* ({ from }, signal) {
    try {
      for (let number = from; !signal.aborted; number += 1) {
        if (number === 13) throw new Error('unlucky');
        yield { number };
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      ended.push('count');
    }
  }),
];

const serve = async (at = path): Promise<ControlServer> => {
  const server = await startControlServer(at, routes);
  servers.push(server);
  return server;
};

/** As `curl --unix-socket` would. */
const get = async (target: string, method = 'GET', body?: string) => {
  const call = request({ socketPath: path, path: target, method, agent: false });
  call.end(body);
  const [response] = await once(call, 'response');
  return { status: response.statusCode, body: JSON.parse(await text(response)) };
};

/** What a process leaves that is killed while it listens. */
const leaveSocket = async (): Promise<void> => {
  const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', program]), 'exit');
};

describe('the control socket', () => {
  test('answers owner and group alone', async () => {
    await serve();
    expect(statSync(path).mode & 0o777).toBe(0o660);
    expect(statSync(path).gid).toBe(statSync(folder).gid);
  });

  test('gives typed answers', async () => {
    await serve();
    const client = new ControlClient(path);
    await expect(client.ask(halve, { number: 8 })).resolves.toEqual({ half: 4 });
    await expect(client.ask(keep, { word: 'four' })).resolves.toEqual({ half: 2 });
  });

  test('refuses with the reason of the handler, or of the schema', async () => {
    await serve();
    const client = new ControlClient(path);
    await expect(client.ask(halve, { number: 7 })).rejects.toEqual(new RequestError(409, '7 has no half'));
    await expect(client.ask(keep, { word: 'longer' })).rejects.toThrow(/expected string to have <=5.*word/);
  });

  test('speaks plain HTTP and JSON', async () => {
    await serve();
    expect(await get('/halve?number=8')).toEqual({ status: 200, body: { half: 4 } });
    expect(await get('/halve?number=x')).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    expect(await get('/nothing')).toMatchObject({
      status: 404,
      body: { error: expect.stringContaining('GET /halve') },
    });
    expect(await get('/halve?number=8', 'POST')).toMatchObject({ status: 405 });
    expect(await get('/keep', 'POST', '{"word"')).toMatchObject({ status: 400 });
    expect(await get('/keep', 'POST', `"${'x'.repeat(100_000)}"`)).toMatchObject({ status: 413 });
  });

  test('tells on and on until nobody listens', async () => {
    await serve();
    const stop = new AbortController();
    const numbers: number[] = [];
    const listening = (async () => {
      for await (const { number } of new ControlClient(path).follow(count, { from: 20 }, stop.signal)) {
        numbers.push(number);
        if (numbers.length === 3) stop.abort();
      }
    })();
    await expect(listening).rejects.toThrow(/abort/);
    expect(numbers.slice(0, 3)).toEqual([20, 21, 22]);
    while (ended.length === 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test('says in the middle of a stream what ends it', async () => {
    await serve();
    const numbers: number[] = [];
    const listening = (async () => {
      for await (const { number } of new ControlClient(path).follow(count, { from: 11 }, new AbortController().signal))
        numbers.push(number);
    })();
    await expect(listening).rejects.toThrow('unlucky');
    expect(numbers).toEqual([11, 12]);
  });

  test('closes with connections and streams open, twice, and leaves nothing behind', async () => {
    const server = await serve();
    const idle = connect(path);
    await once(idle, 'connect');
    const stream = new ControlClient(path).follow(count, { from: 20 }, new AbortController().signal);
    await stream.next();
    const closed = once(idle, 'close');
    await Promise.all([server.close(), server.close(), closed]);
    await expect(
      (async () => {
        for await (const _ of stream) continue;
      })(),
    ).rejects.toThrow('aborted');
    expect(existsSync(path)).toBe(false);
  });

  test('takes the place of a socket that a killed agent left, and of nothing else', async () => {
    await leaveSocket();
    expect(existsSync(path)).toBe(true);
    await serve();
    await expect(serve()).rejects.toThrow(/is another agent's/);
    await expect(new ControlClient(path).ask(halve, { number: 2 })).resolves.toEqual({ half: 1 });
    writeFileSync(join(folder, 'file'), '');
    await expect(serve(join(folder, 'file'))).rejects.toThrow('is no socket: move it away');
  });

  test('says so when its path is too long for a socket', async () => {
    await expect(serve(join(folder, 'x'.repeat(100)))).rejects.toThrow('is longer than the 107 bytes of a socket');
  });

  test('is not misunderstood when it answers in a form of another version', async () => {
    await serve();
    const other = { ...halve, output: z.object({ quarter: z.number() }) };
    await expect(new ControlClient(path).ask(other, { number: 8 })).rejects.toThrow(UnknownAnswerError);
  });
});
