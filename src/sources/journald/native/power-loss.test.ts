import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messagesOf, readCount } from '../../../../test/support/read-records.ts';
import { silentLogger } from '../../../../test/support/silent-logger.ts';
import { SimulatedJournal } from '../../../../test/support/simulated-journal.ts';
import { some } from '../../../../test/support/some.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../index.ts';
import { JournalPosition } from '../position.ts';

const startUs = 1_795_000_000_000_000;
const counters = { system: '1'.repeat(32), other: '2'.repeat(32) } as const;

type Boot = 'a' | 'b';

/** An entry a second; the second boot began an hour after the first. */
const stampOf = (boot: Boot, sequence: number) => ({
  sequence,
  bootId: boot.repeat(32),
  monotonicUs: sequence * 1_000_000,
  realtimeUs: startUs + (boot === 'b' ? 3_600_000_000 : 0) + sequence * 1_000_000,
});

const cursorAt = (boot: Boot, sequence: number): string =>
  new JournalPosition(counters.system, { ...stampOf(boot, sequence), hashHigh: 0, hashLow: sequence * 7919 }).cursor();

const namesOf = (boot: Boot, from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index} of ${boot}`);

describe('a journal whose newest entries went with the power, so that their numbers were given again', () => {
  let directory: string;

  const write = (name: string, counter: string, boot: Boot, from: number, to: number): void => {
    const fileId = Buffer.from(name.padEnd(16)).toString('hex').slice(0, 32);
    const layout = { isCompact: true, sequenceId: counter, fileId };
    const journal = new SimulatedJournal(join(directory, name), layout);
    for (let sequence = from; sequence <= to; sequence += 1) {
      journal.append({ MESSAGE: `${sequence} of ${boot}`, _MACHINE_ID: 'own' }, stampOf(boot, sequence));
    }
    journal.close();
  };

  const readAfter = async (cursor: string, count: number) => {
    const source = createJournaldSource(journaldOptions.parse({ directory, reader: 'native' }), {
      clock: systemClock,
      logger: silentLogger,
      fields: [],
    });
    return messagesOf(await readCount(source, { kind: 'after', cursor }, count));
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  test('is read on after the last entry that is left, also where another counter goes on', async () => {
    write('system@1.journal~', counters.system, 'a', 1, 9);
    write('system.journal', counters.system, 'b', 10, 20);
    write('user-1000.journal', counters.other, 'b', 21, 21);
    expect(await readAfter(cursorAt('a', 30), 12)).toEqual(namesOf('b', 10, 21));
  });

  test('is read on at the time of the last entry read where nothing is left of its boot', async () => {
    write('system.journal', counters.system, 'b', 10, 20);
    write('user-1000.journal', counters.other, 'b', 21, 21);
    expect(await readAfter(cursorAt('a', 30), 12)).toEqual(namesOf('b', 10, 21));
  });

  test('is read on with all of the next boot where the last entry is left, but not those before it', async () => {
    write('system@1.journal~', counters.system, 'a', 1, 90);
    write('user-1000@1.journal~', counters.system, 'a', 95, 99);
    write('system.journal', counters.system, 'b', 91, 105);
    const read = await readAfter(cursorAt('a', 99), 15);
    expect(read.filter((message) => message?.endsWith('b'))).toEqual(namesOf('b', 91, 105));
  });

  test('is not taken for one where two machines take turns in a file, as a receiver writes it', async () => {
    const layout = { isCompact: true, sequenceId: counters.system, fileId: '3'.repeat(32) };
    const journal = new SimulatedJournal(join(directory, 'remote.journal'), layout);
    const cursors = Array.from({ length: 400 }, (_, index) => {
      const stamp = { ...stampOf('a', index + 1), bootId: (index % 3 === 0 ? 'a' : 'b').repeat(32) };
      journal.append({ MESSAGE: `line ${index + 1}` }, stamp);
      return new JournalPosition(counters.system, { ...stamp, hashHigh: 0, hashLow: (index + 1) * 7919 }).cursor();
    });
    journal.close();
    expect(await readAfter(some(cursors[398]), 1)).toEqual(['line 400']);
    expect(await readAfter(some(cursors[397]), 2)).toEqual(['line 399', 'line 400']);
  });
});
