import { mkdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf, messageOf } from '../platform/error.ts';

/** Another agent uses the state directory. */
export class StateLockedError extends Error {
  override readonly name = 'StateLockedError';
}

export interface StateLock {
  /** Frees the directory. May be called twice. */
  release(): Promise<void>;
}

const holderSchema = z.object({ pid: z.number() });
/** unix(7): sun_path has 108 bytes, with its ending NUL. */
const longestPath = 107;
const answerTimeoutMs = 1000;

const listen = async (path: string): Promise<Server> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(`${JSON.stringify({ pid: process.pid })}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.unref();
  return server;
};

/** The pid of whoever answers on the socket; undefined when nobody does. */
const findHolder = (path: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(path);
    socket.setTimeout(answerTimeoutMs, () => {
      resolve('unknown');
      socket.destroy();
    });
    socket.on('data', (data) => {
      answer += data.toString();
    });
    socket.on('error', () => resolve(undefined));
    socket.on('end', () => {
      const parsed = holderSchema.safeParse(JSON.parse(answer === '' ? '{}' : answer));
      resolve(parsed.success ? String(parsed.data.pid) : 'unknown');
    });
  });

/**
 * Makes this process the only agent on a state directory: the socket of whoever holds it answers, that of a process that
 * was killed does not.
 *
 * @throws {StateLockedError} when another agent answers.
 */
export const lockState = async (stateDirectory: string): Promise<StateLock> => {
  const path = join(stateDirectory, 'agent.sock');
  if (Buffer.byteLength(path) > longestPath) {
    throw new StateLockedError(
      `state directory ${stateDirectory} has too long a path for a socket; choose a shorter one`,
    );
  }
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new StateLockedError(`can't make the state directory ${stateDirectory}: ${messageOf(error)}`);
  });
  const server = await listen(path).catch(async (error: unknown) => {
    if (codeOf(error) !== 'EADDRINUSE') throw new StateLockedError(`can't make ${path}: ${messageOf(error)}`);
    const holder = await findHolder(path);
    if (holder !== undefined) {
      throw new StateLockedError(
        `another sluice (pid ${holder}) uses the state directory ${stateDirectory}; stop it first`,
      );
    }
    await unlink(path);
    return await listen(path);
  });
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
};
