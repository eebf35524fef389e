import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Source } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { seededRandom } from '../bench/random.ts';
import { requireComponents } from '../support/components.ts';
import { numberedEntries, type TestEntry, writeJournal } from '../support/journal.ts';
import { beginning, lostOf, messagesOf, readUntil, recordsOf } from '../support/read-records.ts';
import { forEachReader } from '../support/readers.ts';
import { silentLogger } from '../support/silent-logger.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(60_000);

const describeCounters = forEachReader(requireComponents('journalctl', 'systemd-journal-remote'));
const never = new AbortController().signal;
const entries = numberedEntries(2000);
const writers = 3;
/** Journals of 200 turns each; in that of seed 4 numbers of different counters meet by chance. */
const seeds = [1, 2, 3, 4] as const;

/** Entries as several journalds would write them in turn, each under a counter of its own. */
const takeTurns = (seed: number): readonly (readonly TestEntry[])[] => {
  const random = seededRandom(seed);
  let writer = 0;
  const writerOf = entries.map(() => {
    if (random() < 0.1) writer = Math.floor(random() * writers);
    return writer;
  });
  return Array.from({ length: writers }, (_, own) => entries.filter((__, index) => writerOf[index] === own));
};

describeCounters('a journal of one machine that several counters number in turn', (reader) => {
  let directory: string;
  let listings: number;

  /** The time is asked for with each listing of folders. */
  const countingClock: Clock = {
    ...systemClock,
    now: () => {
      listings += 1;
      return systemClock.now();
    },
  };

  /** How often the journal was opened, one way or the other. */
  const openings = async (): Promise<number> => {
    const calls = await readFile(join(directory, 'calls'), 'utf8').catch(() => '');
    return listings + calls.split('\n').length - 1;
  };

  const createSource = async (): Promise<Source> => {
    const journalctlPath = join(directory, 'journalctl');
    await writeFile(journalctlPath, `#!/bin/sh\necho "$@" >>${join(directory, 'calls')}\nexec journalctl "$@"\n`);
    await chmod(journalctlPath, 0o755);
    const dependencies = { clock: countingClock, logger: silentLogger, fields: [], journalctlPath };
    return createJournaldSource(journaldOptions.parse({ directory, reader }), dependencies);
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
    listings = 0;
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  test.each(seeds)('is read once, to its end, and nothing is said to be missing (%i)', async (seed) => {
    for (const [writer, own] of takeTurns(seed).entries()) {
      await writeJournal(join(directory, `user-${1000 + writer}.journal`), own);
    }
    const source = await createSource();
    const messages = await readUntil(source, beginning, (all) => recordsOf(all).length >= entries.length);
    const opened = await openings();
    expect(messagesOf(recordsOf(messages))).toEqual(entries.map(({ fields }) => fields['MESSAGE']));
    expect(lostOf(messages)).toBe(0);
    expect(opened).toBeLessThanOrEqual(5);
    expect((await source.check(never)).gapDetection).toMatchObject({ state: 'off' });
  });
});
