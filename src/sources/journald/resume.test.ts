import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginning, messagesOf, readCount } from '../../../test/support/read-records.ts';
import { silentLogger } from '../../../test/support/silent-logger.ts';
import { SimulatedJournal } from '../../../test/support/simulated-journal.ts';
import { some } from '../../../test/support/some.ts';
import { systemClock } from '../../platform/clock.ts';
import { createJournaldSource, journaldOptions } from './index.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'journal-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** A line of the user's and one of the system's at one microsecond, each under a counter of its own; then another. */
const writeJournals = (): void => {
  for (const [name, counter, hash] of [
    ['user-1000', '1', 3],
    ['system', '2', 5],
  ] as const) {
    const ids = { sequenceId: counter.repeat(32), fileId: counter.repeat(32) };
    const journal = new SimulatedJournal(join(directory, `${name}.journal`), { isCompact: true, ...ids });
    const stamp = { sequence: 7, bootId: 'b'.repeat(32), monotonicUs: 1000, realtimeUs: 1_795_000_000_001_000, hash };
    journal.append({ MESSAGE: `of ${name}` }, stamp);
    if (name === 'system') {
      journal.append(
        { MESSAGE: 'later' },
        { ...stamp, sequence: 9, monotonicUs: 2000, realtimeUs: 1_795_000_000_002_000 },
      );
    }
    journal.close();
  }
};

test('a cursor is gone on after where another file holds an entry of its microsecond, which does not come again', async () => {
  writeJournals();
  const source = createJournaldSource(journaldOptions.parse({ directory, reader: 'native' }), {
    clock: systemClock,
    logger: silentLogger,
    fields: [],
  });
  const read = await readCount(source, beginning, 3);
  expect(messagesOf(read)).toEqual(['of user-1000', 'of system', 'later']);
  const after = { kind: 'after', cursor: some(read[1]).position.cursor() } as const;
  expect(messagesOf(await readCount(source, after, 1))).toEqual(['later']);
});
