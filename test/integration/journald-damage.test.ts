import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '#sdk';
import { journalFields } from '../../src/pipeline/journal-fields.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { requireComponents } from '../support/components.ts';
import { fastClock } from '../support/fast-clock.ts';
import { numberedEntries, writeJournal } from '../support/journal.ts';
import { createMemoryLogger } from '../support/memory-logger.ts';
import { beginning, lostOf, messagesOf, readToHead, readUntil, recordsOf } from '../support/read-records.ts';
import { forEachReader } from '../support/readers.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(30_000);

const describeDamage = forEachReader(requireComponents('journalctl', 'systemd-journal-remote'));
const never = new AbortController().signal;

const count = 300;
const lines = numberedEntries(count).map(({ fields }) => fields['MESSAGE']);

describeDamage('a damaged journal', (reader) => {
  let directory: string;
  let source: Source;
  let log: ReturnType<typeof createMemoryLogger>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
    log = createMemoryLogger();
    source = createJournaldSource(journaldOptions.parse({ directory, reader }), {
      clock: fastClock(20),
      logger: log.logger,
      fields: journalFields,
    });
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const file = (name: string): string => join(directory, `${name}.journal`);

  /** Overwrites the beginnings of stored messages: journalctl refuses what has no field name. */
  const damageEntries = async (name: string, indexes: readonly number[]): Promise<void> => {
    const bytes = await readFile(file(name));
    const text = bytes.toString('latin1');
    for (const index of indexes) bytes.write('\u0001\u0002~~', text.search(`MESSAGE=line ${index}(?!\\d)`), 'latin1');
    await writeFile(file(name), bytes);
  };

  const readAll = async () =>
    await readUntil(source, beginning, (all) => messagesOf(recordsOf(all.slice(-1))).at(-1) === lines.at(-1));

  const complaints = (): string => JSON.stringify(log.lines);

  test('loses only the entries that cannot be read, counts them and says so', async () => {
    await writeJournal(file('system'), numberedEntries(count));
    await damageEntries('system', [150, 151, 200]);
    const messages = await readAll();
    expect(messagesOf(recordsOf(messages))).toEqual(lines.filter((_, index) => ![150, 151, 200].includes(index)));
    expect(lostOf(messages)).toBe(3);
    expect(complaints()).toContain('stepping past a journal entry');
  });

  test.each([
    ['the beginning', beginning],
    ['a time', { kind: 'since', timeUs: numberedEntries(1)[0]?.realtimeUs ?? 0 }] as const,
  ])('is read from %s even if its first entries cannot be', async (_, start) => {
    await writeJournal(file('system'), numberedEntries(count));
    await damageEntries('system', [0, 1]);
    const messages = await readUntil(
      source,
      start,
      (all) => messagesOf(recordsOf(all.slice(-1))).at(-1) === lines.at(-1),
    );
    expect(messagesOf(recordsOf(messages))).toEqual(lines.slice(2));
    expect(lostOf(messages)).toBeGreaterThan(0);
  });

  test('books what journalctl leaves out without a word', async () => {
    await writeJournal(file('system'), numberedEntries(count));
    const bytes = await readFile(file('system'));
    const at = bytes.indexOf('MESSAGE=line 150');
    await writeFile(file('system'), bytes.fill(0, at - 3000, at + 3000));
    await writeJournal(file('later'), numberedEntries(1, { from: count }));
    const records = await readToHead(source, beginning);
    const messages = await readUntil(source, beginning, (all) => recordsOf(all).length === records.length);
    const numbers = recordsOf(messages)
      .slice(0, -1)
      .map(({ position }) => Number.parseInt(/;i=([0-9a-f]+)/.exec(position.cursor())?.[1] ?? '', 16));
    expect(lostOf(messages)).toBe((numbers.at(-1) ?? 0) - numbers.length);
    expect(lostOf(messages)).toBeGreaterThan(0);
  });

  test.each([
    ['truncated', async (path: string) => await truncate(path, 500)],
    ['garbage', async (path: string) => await writeFile(path, 'garbage'.repeat(10_000))],
    ['empty', async (path: string) => await truncate(path, 0)],
  ])('reads the other files when one is %s, and says so', async (_, damage) => {
    await writeJournal(file('damaged'), numberedEntries(10));
    await damage(file('damaged'));
    await writeJournal(file('system'), numberedEntries(count));
    expect(messagesOf(await readToHead(source, beginning))).toEqual(lines);
    // A reading this short may end before the complaint arrived.
    while (!complaints().includes('ignoring file')) await readToHead(source, beginning);
    expect(complaints()).toMatch(/damaged\.journal[^"]* ignoring file/);
  });

  test('goes on with the oldest entry left when the one of the cursor is gone', async () => {
    await writeJournal(file('old'), numberedEntries(10));
    await writeJournal(file('system'), numberedEntries(10, { from: 10 }));
    const [, , third] = await readToHead(source, beginning);
    await rm(file('old'));
    const rest = await readToHead(source, { kind: 'after', cursor: third?.position.cursor() ?? '' });
    expect(messagesOf(rest)).toEqual(numberedEntries(10, { from: 10 }).map(({ fields }) => fields['MESSAGE']));
  });

  test('reads a machine that changed its id', async () => {
    for (const [index, machine] of ['d'.repeat(32), 'e'.repeat(32)].entries()) {
      await mkdir(join(directory, machine));
      await writeJournal(
        join(directory, machine, 'system.journal'),
        numberedEntries(5, { from: index * 5, boot: String(index), machine }),
      );
    }
    const records = await readToHead(source, beginning);
    expect(messagesOf(records)).toEqual(lines.slice(0, 10));
    expect((await source.check(never)).warnings).toEqual([]);
  });

  describe('that is not there', () => {
    test('is an error that says what to do', async () => {
      await expect(source.check(never)).rejects.toThrow(/there is no journal in .*sources\.journald\.directory/);
      await rm(directory, { recursive: true });
      await expect(source.check(never)).rejects.toThrow(/can't be opened.*sources\.journald\.directory/);
      await mkdir(directory);
    });

    test('is waited for by a reader with a cursor', async () => {
      await writeJournal(file('system'), numberedEntries(3));
      const [first] = await readToHead(source, beginning);
      const bytes = await readFile(file('system'));
      await rm(file('system'));
      const reading = readUntil(
        source,
        { kind: 'after', cursor: first?.position.cursor() ?? '' },
        (all) => recordsOf(all).length === 2,
      );
      await writeFile(file('system'), bytes);
      expect(messagesOf(recordsOf(await reading))).toEqual(['line 1', 'line 2']);
    });
  });
});
