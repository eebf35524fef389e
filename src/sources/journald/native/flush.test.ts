import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginning, lostOf, messagesOf, readUntil, recordsOf } from '../../../../test/support/read-records.ts';
import { silentLogger } from '../../../../test/support/silent-logger.ts';
import { SimulatedJournal } from '../../../../test/support/simulated-journal.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../index.ts';
import { JournalMerge } from './journal-merge.ts';
import { locationOf } from './location.ts';

const machine = 'e'.repeat(32);
const counters = { disk: '1'.repeat(32), memory: '2'.repeat(32) } as const;
const startUs = 1_795_000_000_000_000;

/** A line: of the boot before, and of this one, where the last three have one microsecond. */
interface Line {
  readonly number: number;
  readonly boot: 'a' | 'b';
  readonly monotonicUs: number;
}

const before: readonly Line[] = [1, 2, 3, 4].map((number) => ({ number, boot: 'a', monotonicUs: number * 1000 }));
const inMemory: readonly Line[] = [5, 6, 7, 8, 9].map((number) => ({
  number,
  boot: 'b',
  monotonicUs: Math.min(7, number) * 1000,
}));
const later: Line = { number: 10, boot: 'b', monotonicUs: 20_000 };

const append = (journal: SimulatedJournal, { number, boot, monotonicUs }: Line, sequence: number): void => {
  const realtimeUs = startUs + (boot === 'a' ? 0 : 1_000_000) + monotonicUs;
  // Falling, so that their order in the file is not that of their hashes.
  const stamp = { sequence, bootId: boot.repeat(32), monotonicUs, realtimeUs, hash: 1_000_000 - number };
  journal.append({ MESSAGE: `line ${number}`, _MACHINE_ID: machine }, stamp);
};

describe('a journal that is copied from memory to disk while it is read', () => {
  let hostRoot: string;

  const open = async (kind: 'run' | 'var', counter: string, name = 'system'): Promise<SimulatedJournal> => {
    const folder = join(hostRoot, kind, 'log/journal', machine);
    await mkdir(folder, { recursive: true });
    const fileId = `${name.length}`.repeat(32);
    const path = join(folder, `${name}.journal`);
    return new SimulatedJournal(path, {
      isCompact: true,
      sequenceId: counter,
      fileId: kind === 'run' ? machine : fileId,
    });
  };

  beforeEach(async () => {
    hostRoot = await mkdtemp(join(tmpdir(), 'flush-'));
  });

  afterEach(async () => {
    await rm(hostRoot, { recursive: true });
  });

  test.each([
    ['into the file that is there', counters.disk, 5, 'system'],
    ['into a new file, under further numbers of the same counter', counters.memory, 20, 'user-1000'],
  ])('is read once, and nothing is said to be missing: %s', async (_, counter, from, name) => {
    const old = await open('var', counters.disk);
    before.forEach((line, index) => append(old, line, index + 1));
    const memory = await open('run', counters.memory);
    inMemory.forEach((line, index) => append(memory, line, index + 1));
    const source = createJournaldSource(journaldOptions.parse({ reader: 'native' }), {
      clock: systemClock,
      logger: silentLogger,
      fields: [],
      hostRoot,
    });
    let isCopied = false;
    const disk = name === 'system' ? old : await open('var', counter, name);
    const messages = await readUntil(source, beginning, (all) => {
      const read = recordsOf(all).length;
      if (read >= before.length + inMemory.length && !isCopied) {
        isCopied = true;
        [...inMemory, later].forEach((line, index) => append(disk, line, from + index));
      }
      return messagesOf(recordsOf(all)).includes('line 10');
    });
    for (const journal of new Set([old, memory, disk])) journal.close();
    const all = [...before, ...inMemory, later];
    expect(messagesOf(recordsOf(messages))).toEqual(all.map(({ number }) => `line ${number}`));
    expect(lostOf(messages)).toBe(0);
  });

  test('is passed over in several turns where it is long', async () => {
    const copied = 5000;
    const lines = Array.from({ length: copied }, (_, index): Line => ({
      number: index,
      boot: 'b',
      monotonicUs: (index + 1) * 1000,
    }));
    const disk = await open('var', counters.disk);
    const memory = await open('run', counters.memory);
    lines.forEach((line, index) => append(memory, line, index + 1));
    const place = { hostRoot, directory: undefined, namespace: undefined, matches: [] };
    const options = { place, clock: systemClock, logger: silentLogger, fields: [], maxMessageBytes: 1024 };
    const journal = new JournalMerge(options, locationOf({ kind: 'beginning' }), undefined);
    const readAll = async () => {
      await journal.look();
      const turns = [journal.read()];
      while (turns.at(-1)?.isLast === false) turns.push(journal.read());
      return turns;
    };
    const read = await readAll();
    lines.forEach((line, index) => append(disk, line, index + 1));
    const turns = await readAll();
    for (const file of [journal, memory, disk]) file.close();
    expect(read.flatMap(({ records }) => records)).toHaveLength(copied);
    expect(turns.flatMap(({ records }) => records)).toEqual([]);
    expect(turns.length).toBeGreaterThan(2);
  });
});
