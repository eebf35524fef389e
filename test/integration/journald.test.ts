import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { describeSource } from '../contracts/source.ts';
import { requireComponents } from '../support/components.ts';
import { writeJournal } from '../support/journal.ts';
import { silentLogger } from '../support/silent-logger.ts';

const describeJournald = requireComponents('journalctl', 'systemd-journal-remote');

describeJournald('journald', () => {
  describeSource('the journalctl reader', async ({ maxMessageBytes }) => {
    const directory = await mkdtemp(join(tmpdir(), 'journal-'));
    const options = journaldOptions.parse({
      directory,
      fields: ['OTHER'],
      max_message: `${maxMessageBytes ?? 1024 ** 2}B`,
    });
    return {
      source: createJournaldSource(options, { clock: systemClock, logger: silentLogger, extraFields: [] }),
      append: async (entries) => await writeJournal(join(directory, 'system.journal'), entries),
      close: async () => await rm(directory, { recursive: true }),
    };
  });
});
