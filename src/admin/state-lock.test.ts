import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StateError } from '../checkpoint/store.ts';
import { lockState, StateLockedError } from './state-lock.ts';

let state: string;
let socket: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
  socket = join(state, 'agent.sock');
});
afterEach(() => rmSync(state, { recursive: true }));

const answering = async (answer: string): Promise<Server> => {
  const server = createServer((connection) => connection.end(answer));
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  return server;
};

describe('the lock of a state directory', () => {
  test('is held by one agent, is told with its pid, and is free again after it', async () => {
    const lock = await lockState(state);
    await expect(lockState(state)).rejects.toThrow(
      new StateLockedError(`another sluice (pid ${process.pid}) uses the state directory ${state}; stop it first`),
    );
    await lock.release();
    await lock.release();
    await (await lockState(state)).release();
  });

  test('makes the directory, for its user alone', async () => {
    const made = join(state, 'new');
    const lock = await lockState(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
    await lock.release();
  });

  test.each(['', '{"pid": 1', '[]', '{"pid":"x"}'])('holds although the holder answers %j', async (answer) => {
    const server = await answering(answer);
    await expect(lockState(state)).rejects.toThrow('another sluice (pid unknown)');
    server.close();
  });

  test('leaves a file of somebody else alone', async () => {
    writeFileSync(socket, 'mine');
    await expect(lockState(state)).rejects.toThrow(new StateError(`${socket} is no socket of an agent: move it away`));
    expect(existsSync(socket)).toBe(true);
  });

  test('says what to do where the directory can not be used', async () => {
    mkdirSync(join(state, 'folder/agent.sock'), { recursive: true });
    writeFileSync(join(state, 'file'), '');
    await expect(lockState(join(state, 'folder'))).rejects.toThrow('is no socket of an agent');
    const remedy = /make it writable for this user, or choose another with "state:" in the configuration$/;
    await expect(lockState(join(state, 'file'))).rejects.toThrow(remedy);
    await expect(lockState(join(state, 'file'))).rejects.toThrow(StateError);
    await expect(lockState(join(state, 'x'.repeat(100)))).rejects.toThrow('too long a path for a socket');
  });
});
