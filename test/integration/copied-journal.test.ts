import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { requireComponents } from '../support/components.ts';
import { numberedEntries, type TestEntry, writeJournal } from '../support/journal.ts';
import { beginning, lostOf, messagesOf, readToHead, readUntil, recordsOf } from '../support/read-records.ts';
import { forEachReader } from '../support/readers.ts';
import { silentLogger } from '../support/silent-logger.ts';
import { some } from '../support/some.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(60_000);

const describeCopies = forEachReader(requireComponents('journalctl', 'systemd-journal-remote'));

/** On disk there is a boot before. */
const before = numberedEntries(5);
const entries = numberedEntries(9, { from: 100, boot: 'b' });
const { monotonicUs, realtimeUs } = some(entries[3]);
const atOnce = ({ bootId, fields }: TestEntry): TestEntry => ({ bootId, fields, monotonicUs, realtimeUs });
const withAnother = ({ fields, ...entry }: TestEntry): TestEntry => ({ ...entry, fields: { ...fields, NEW: 'yes' } });
/** Six of them were written in one go, and so at one time. */
const inMemory = [...entries.slice(0, 1), ...entries.slice(1, 7).map(atOnce), ...entries.slice(7)];

describeCopies('a cursor of a journal in memory that was copied to disk since, under other numbers', (reader) => {
  let folder: string;

  const sourceOf = (directory: string): Source =>
    createJournaldSource(journaldOptions.parse({ directory, reader }), {
      clock: systemClock,
      logger: silentLogger,
      fields: [],
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    await mkdir(join(folder, 'memory'));
    await mkdir(join(folder, 'disk'));
    await writeJournal(join(folder, 'memory/system.journal'), inMemory);
    await writeJournal(join(folder, 'disk/system.journal'), [...before, ...inMemory]);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test('is gone on after, wherever it stands: no line is left out, none comes twice, and none is said to be missing', async () => {
    const read = await readToHead(sourceOf(join(folder, 'memory')), beginning);
    const lines = messagesOf(read);
    expect(lines).toHaveLength(inMemory.length);
    const disk = sourceOf(join(folder, 'disk'));
    for (const [index, { position }] of read.slice(0, -1).entries()) {
      const after = { kind: 'after', cursor: position.cursor() } as const;
      const messages = await readUntil(disk, after, (all) => messagesOf(recordsOf(all)).includes(lines.at(-1)));
      expect(messagesOf(recordsOf(messages))).toEqual(lines.slice(index + 1));
      expect(lostOf(messages)).toBe(0);
    }
  });

  test('is gone on after where copies have other contents: all that came after its time is read, and none is said to be missing', async () => {
    const newest = numberedEntries(2000, { from: 200, boot: 'b' });
    const changed = inMemory.map(withAnother);
    await mkdir(join(folder, 'changed'));
    await writeJournal(join(folder, 'changed/system.journal'), [...before, ...changed, ...newest]);
    const read = await readToHead(sourceOf(join(folder, 'memory')), beginning);
    const after = { kind: 'after', cursor: some(read[3]).position.cursor() } as const;
    const expected = [...messagesOf(read).slice(4), ...newest.map(({ fields }) => fields['MESSAGE'])];
    const messages = await readUntil(sourceOf(join(folder, 'changed')), after, (all) =>
      messagesOf(recordsOf(all)).includes('line 2199'),
    );
    expect(messagesOf(recordsOf(messages))).toEqual(expect.arrayContaining(expected));
    expect(lostOf(messages)).toBe(0);
  });
});
