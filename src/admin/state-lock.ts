import { lstat, mkdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StateError } from '../checkpoint/store.ts';
import { codeOf, messageOf } from '../platform/error.ts';
import { fitsSocketAddress } from '../platform/socket-file.ts';

/** Another agent uses the state directory. */
export class StateLockedError extends Error {
  override readonly name = 'StateLockedError';
}

export interface StateLock {
  /** Frees the directory. May be called twice. */
  release(): Promise<void>;
}

const holderSchema = z.object({ pid: z.number() });
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

const readPid = (answer: string): string => {
  try {
    return String(holderSchema.parse(JSON.parse(answer)).pid);
  } catch {
    return 'unknown';
  }
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
    socket.on('end', () => resolve(readPid(answer)));
  });

const remedy = 'make it writable for this user, or choose another with "state:" in the configuration';

const makeDirectory = async (directory: string): Promise<void> => {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StateError(`can't make the state directory ${directory}: ${messageOf(error)}; ${remedy}`);
  }
};

const lockedBy = (holder: string, path: string): StateLockedError =>
  new StateLockedError(`another sluice (pid ${holder}) uses the state directory ${dirname(path)}; stop it first`);

/** Takes away what a killed agent left. What is no socket is not ours and stays. */
const removeLeftSocket = async (path: string): Promise<void> => {
  const found = await lstat(path);
  if (!found.isSocket()) throw new StateError(`${path} is no socket of an agent: move it away`);
  const holder = await findHolder(path);
  if (holder !== undefined) throw lockedBy(holder, path);
  await unlink(path);
};

const takeSocket = async (path: string): Promise<Server> => {
  try {
    return await listen(path);
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
  }
  await removeLeftSocket(path);
  const server = await listen(path);
  // Two that start at once may both have found it left: the later one has then replaced the socket of the earlier.
  const holder = (await findHolder(path)) ?? 'unknown';
  if (holder === String(process.pid)) return server;
  server.close();
  throw lockedBy(holder, path);
};

const isSaid = (error: unknown): boolean => error instanceof StateError || error instanceof StateLockedError;

/**
 * Makes this process the only agent on a state directory: the socket of whoever holds it answers, that of a process that
 * was killed does not.
 *
 * @throws {StateLockedError} when another agent answers.
 * @throws {StateError} when the directory can't hold the socket.
 */
export const lockState = async (stateDirectory: string): Promise<StateLock> => {
  const path = join(stateDirectory, 'agent.sock');
  if (!fitsSocketAddress(path)) {
    throw new StateError(`state directory ${stateDirectory} has too long a path for a socket; choose a shorter one`);
  }
  await makeDirectory(stateDirectory);
  const server = await takeSocket(path).catch((error: unknown) => {
    if (isSaid(error)) throw error;
    throw new StateError(`can't make ${path}: ${messageOf(error)}; ${remedy}`);
  });
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
};
