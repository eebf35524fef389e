import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { seededRandom } from '../bench/random.ts';
import { entriesOfJournalctl } from '../support/compare-readers.ts';
import { requireComponents } from '../support/components.ts';
import { bootId, numberedEntries, type TestEntry, writeJournal } from '../support/journal.ts';
import { beginning, messagesOf, readCount } from '../support/read-records.ts';
import { silentLogger } from '../support/silent-logger.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(60_000);

const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
const linesOfBoot = 20;

/** Two boots or three, whose clock may have been set back in between, in up to three files for each or for all of them. */
const planOf = (seed: number): readonly (readonly TestEntry[])[] => {
  const random = seededRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const writers = 1 + below(3);
  const isSplit = random() < 0.7;
  const files = Map.groupBy(
    Array.from({ length: 2 + below(2) }, (_, boot) => {
      const clockUs = boot * linesOfBoot * 1000 - below(3) * 8500;
      return numberedEntries(linesOfBoot).map(({ monotonicUs, realtimeUs, fields }, line) => ({
        bootId: bootId('abc'.charAt(boot)),
        monotonicUs,
        realtimeUs: realtimeUs + clockUs,
        fields: { ...fields, MESSAGE: `line ${line} of boot ${boot}` },
      }));
    }).flat(),
    (entry) => `${below(writers)} ${isSplit ? entry.bootId : ''}`,
  );
  return [...files.values()];
};

requireComponents('journalctl', 'systemd-journal-remote')('several files of one machine', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  /** journalctl leaves entries out where its order runs in circles. */
  test('are read in the order of journalctl, and whole where it leaves entries out', async () => {
    let printedWhole = 0;
    for (const seed of seeds) {
      const files = planOf(seed);
      const place = join(directory, String(seed));
      await mkdir(place);
      for (const [index, entries] of files.entries()) await writeJournal(join(place, `${index}.journal`), entries);
      const source = createJournaldSource(journaldOptions.parse({ directory: place, reader: 'native' }), {
        clock: systemClock,
        logger: silentLogger,
        fields: [],
      });
      const written = files.flat().map(({ fields }) => fields['MESSAGE']);
      const read = messagesOf(await readCount(source, beginning, written.length));
      expect(new Set(read)).toEqual(new Set(written));
      expect(read).toHaveLength(written.length);
      const printed = (await entriesOfJournalctl(place)).map((entry) => entry['MESSAGE']?.[0]);
      if (printed.length < written.length) continue;
      printedWhole += 1;
      expect(read).toEqual(printed);
    }
    expect(printedWhole).toBeGreaterThan(seeds.length / 3);
  });
});
