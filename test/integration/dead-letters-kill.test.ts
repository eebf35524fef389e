import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { QueueRoom } from '../../src/dead-letters/queue-room.ts';
import { DeadLetterStore } from '../../src/dead-letters/store.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createMemoryLogger } from '../support/memory-logger.ts';

const program = join(import.meta.dirname, '../support/letter-writer.ts');
const kills = 4;

/** Kills the writer once it has said `rounds` times how many letters are written. Gives the last of it. */
const killAfter = async (directory: string, rounds: number): Promise<number> => {
  const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > rounds) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return Number(said.split('\n').at(-2));
};

test('a kill costs no dead letter that was written, and no id is given twice', async () => {
  const state = await mkdtemp(join(tmpdir(), 'sluice-letters-kill-'));
  const directory = join(state, 'loggly');
  for (let round = 1; round <= kills; round += 1) {
    const written = await killAfter(directory, 5 * round);
    const { logger, lines } = createMemoryLogger();
    const room = new QueueRoom(16 * 1024 * 1024);
    const limits = { maxBytes: 64 * 1024 * 1024, fieldNames: [], room, clock: systemClock, logger };
    const store = await DeadLetterStore.open({ directory, destination: 'loggly', ...limits });
    const letters = await store.list({ limit: 1_000_000 });
    await store.close();
    expect(letters.length).toBeGreaterThanOrEqual(written);
    expect(new Set(letters.map(({ id }) => id)).size).toBe(letters.length);
    expect(letters.map(({ event }) => event.message)).toEqual(letters.map((_, index) => `line ${index}`));
    // At most the one that was being written.
    expect(lines.filter(({ message }) => !message.includes('cut short'))).toEqual([]);
  }
  await rm(state, { recursive: true });
});
