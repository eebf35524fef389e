import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { Logger, LogRecord, Source } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { parseCursor } from '../../src/sources/journald/cursor.ts';
import { fixtureEntries } from '../fixtures/journals/fixture-entries.ts';
import { entriesOf, entriesOfJournalctl } from '../support/compare-readers.ts';
import { requireComponents } from '../support/components.ts';
import type { FieldValue, TestEntry } from '../support/journal.ts';
import { createMemoryLogger } from '../support/memory-logger.ts';
import { beginning, messagesOf, readToHead } from '../support/read-records.ts';
import { readFileApart, readFileThrough, windowKibibytes } from '../support/read-file.ts';
import { silentLogger } from '../support/silent-logger.ts';
import { some } from '../support/some.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(60_000);

const fixtures = join(import.meta.dirname, '../fixtures/journals');

/** Files by the systemd that wrote them, compression, layout and hash. */
const readable = [
  '247-lz4-regular-keyed',
  '247-lz4-regular-unkeyed',
  '247-lz4-regular-unkeyed-sealed',
  '254-zstd-compact-keyed',
  '257-lz4-compact-keyed',
  '257-lz4-regular-unkeyed',
  '257-none-compact-keyed',
  '257-zstd-regular-keyed',
  '262-lz4-regular-unkeyed',
  '262-zstd-compact-keyed',
  '262-zstd-compact-keyed-sealed',
] as const;
const refused = '257-xz-compact-keyed';
/** Two boots, the second of which began before the first had ended, as its clock was set back. */
const boots = ['255-boots-first', '255-boots-second'] as const;

const unpack = async (name: string, path: string): Promise<void> => {
  await writeFile(path, zstdDecompressSync(await readFile(join(fixtures, `${name}.journal.zst`))));
};

const createSource = (directory: string, logger: Logger): Source => {
  const options = journaldOptions.parse({ directory, reader: 'native', fields: 'all' });
  return createJournaldSource(options, { clock: systemClock, logger, fields: [] });
};

/** What an entry is to hold, whatever the order in which its file has the values. */
const expectedOf = ({ fields }: TestEntry): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, values]): [string, readonly string[]] => [name, textsOf(values)])
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

const textsOf = (values: FieldValue | readonly FieldValue[]): readonly string[] =>
  (Array.isArray(values) ? values : [values]).map((value: FieldValue) => Buffer.from(value).toString()).toSorted();

const foundOf = ({ fields }: LogRecord, names: readonly string[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(names.map((name) => [name, fields.all(name).toSorted()]));

const cursorOf = ({ position }: LogRecord) => some(parseCursor(position.cursor()));

describe('journal files of other systemd versions', () => {
  let folder: string;

  /** A folder of its own for each file. */
  const directoryOf = (name: string): string => join(folder, name);
  const pathOf = (name: string): string => join(directoryOf(name), 'system.journal');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'versions-'));
    for (const name of [...readable, refused]) {
      await mkdir(directoryOf(name));
      await unpack(name, pathOf(name));
    }
    await mkdir(directoryOf('boots'));
    for (const name of boots) await unpack(name, join(directoryOf('boots'), `${name}.journal`));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('are all looked at', async () => {
    const names = (await readdir(fixtures)).filter((name) => name.endsWith('.zst'));
    expect(new Set(names)).toEqual(new Set([...readable, refused, ...boots].map((name) => `${name}.journal.zst`)));
  });

  describe.each(readable)('%s', (name) => {
    test('holds what was written, field by field', () => {
      const records = readFileThrough(pathOf(name));
      const found = records.map((record, index) =>
        foundOf(record, Object.keys(expectedOf(some(fixtureEntries[index])))),
      );
      expect(found).toEqual(fixtureEntries.map(expectedOf));
      const named = entriesOf(records).map((entry) =>
        Object.keys(entry).filter((field) => !/^(__|_BOOT_ID)/.test(field)),
      );
      expect(named).toEqual(fixtureEntries.map((entry) => Object.keys(expectedOf(entry))));
    });

    test('gives cursors that name its counter and the entries of every other file of them', () => {
      const cursors = readFileThrough(pathOf(name)).map(cursorOf);
      const others = readFileThrough(pathOf(readable[0])).map(cursorOf);
      expect(new Set(cursors.map(({ sequenceId }) => sequenceId)).size).toBe(1);
      expect(cursors.map(({ sequence }) => sequence)).toEqual(fixtureEntries.map((_, index) => index + 1));
      expect(cursors.map(({ bootId, monotonicUs, realtimeUs }) => [bootId, monotonicUs, realtimeUs])).toEqual(
        fixtureEntries.map(({ bootId, monotonicUs, realtimeUs }) => [
          bootId,
          monotonicUs.toString(16),
          realtimeUs.toString(16),
        ]),
      );
      expect(cursors.map(({ xorHash }) => xorHash)).toEqual(others.map(({ xorHash }) => xorHash));
    });

    test.each(windowKibibytes)('says the same through a window of %i KiB as entry by entry', (kibibytes) => {
      const records = readFileThrough(pathOf(name), kibibytes * 1024);
      expect(entriesOf(records)).toEqual(entriesOf(readFileApart(pathOf(name))));
    });
  });

  test('are in the order in which the journalctl of 254 to 262 prints them: boots as they follow each other', async () => {
    const records = await readToHead(createSource(directoryOf('boots'), silentLogger), beginning);
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    expect(messagesOf(records)).toEqual(boots.flatMap((name) => numbers.map((number) => `${name} ${number}`)));
  });

  requireComponents('journalctl')("compared with this host's journalctl", () => {
    test.each(readable)('%s is the same, byte for byte', async (name) => {
      expect(entriesOf(readFileThrough(pathOf(name)))).toEqual(await entriesOfJournalctl(directoryOf(name)));
    });

    test('one that is compressed with XZ is left to it, which is said', async () => {
      const log = createMemoryLogger();
      const source = createSource(directoryOf(refused), log.logger);
      const records = await readToHead(source, beginning);
      expect(records.map(({ fields }) => fields.get('SERIAL'))).toEqual(
        fixtureEntries.map(({ fields }) => fields['SERIAL']),
      );
      expect(source.reader?.()).toEqual({ name: 'journalctl', mismatches: 0 });
      expect(JSON.stringify(log.lines)).toContain('compressed with XZ');
    });
  });
});
