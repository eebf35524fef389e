import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { cp, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, LogRecord, Source } from '#sdk';
import { isLineField } from '../../src/event/record.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { JournalMerge } from '../../src/sources/journald/native/journal-merge.ts';
import { locationOf } from '../../src/sources/journald/native/location.ts';
import { entriesOf, entriesOfJournalctl } from '../support/compare-readers.ts';
import { requireComponents } from '../support/components.ts';
import { numberedEntries, type TestEntry, writeJournal } from '../support/journal.ts';
import { compressWithLz4 } from '../support/lz4-journal.ts';
import { createMemoryLogger } from '../support/memory-logger.ts';
import { readFileApart, readFileThrough, windowKibibytes } from '../support/read-file.ts';
import { beginning, messagesOf, readToHead } from '../support/read-records.ts';
import { some } from '../support/some.ts';
import { variedEntries } from '../support/varied-entries.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(60_000);

const describeNative = requireComponents('journalctl', 'systemd-journal-remote');
const offBits = { xz: 1, unknown: 0x80 };

/** A test that waits in vain has to end. */
const longestWaitMs = 20_000;

/** A clock that runs a hundred times too fast. */
const quickClock: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * 100,
  sleep: async (ms, signal) => await systemClock.sleep(ms / 100, signal),
};

/** The files below a folder that this process has open. */
const openFilesBelow = async (folder: string): Promise<readonly string[]> => {
  const descriptors = await readdir('/proc/self/fd');
  const paths = await Promise.all(descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(`${folder}/`));
};

/** A container's lines: messages that come again, and numbers that count them. */
const lineOf = (number: number): TestEntry['fields'] => ({
  MESSAGE: `line ${number % 3}`,
  PRIORITY: number % 2 === 0 ? '6' : '3',
  CONTAINER_LOG_ORDINAL: String(number),
  CONTAINER_NAME: 'shop',
});

describeNative('journal files read directly', () => {
  let directory: string;
  let log: ReturnType<typeof createMemoryLogger>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
    log = createMemoryLogger();
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const file = (name: string): string => join(directory, `${name}.journal`);

  const createSource = (clock = systemClock): Source =>
    createJournaldSource(journaldOptions.parse({ directory, reader: 'native', fields: 'all', max_message: '16MiB' }), {
      clock,
      logger: log.logger,
      fields: [],
    });

  const readAll = async () => await readToHead(createSource(), beginning);

  /** All records as the files have them, whatever their numbers say. */
  const readFiles = async (): Promise<readonly LogRecord[]> => {
    const place = { hostRoot: '/', directory, namespace: undefined, matches: [] };
    const options = {
      place,
      clock: systemClock,
      logger: log.logger,
      fields: undefined,
      maxMessageBytes: 16 * 1024 ** 2,
    };
    const journal = new JournalMerge(options, locationOf({ kind: 'beginning' }), undefined);
    const records: LogRecord[] = [];
    await journal.look();
    for (let batch = journal.read(); batch.records.length > 0; batch = journal.read()) records.push(...batch.records);
    journal.close();
    return records;
  };

  const layouts = [true, false].flatMap((isCompact) =>
    [true, false].flatMap((hasKeyedHash) =>
      [true, false].map((isCompressed) => ({ isCompact, hasKeyedHash, isCompressed })),
    ),
  );

  test.each(layouts)('say what journalctl says, byte for byte: %j', async (layout) => {
    await writeJournal(file('system'), variedEntries(2), layout);
    expect(entriesOf(await readAll())).toEqual(await entriesOfJournalctl(directory));
  });

  test.each([[true], [false]])('say what journalctl says of LZ4, compact: %j', async (isCompact) => {
    await writeJournal(file('system'), variedEntries(2), { isCompact, isCompressed: false });
    const { bytes, compressed } = compressWithLz4(await readFile(file('system')));
    expect(compressed).toBeGreaterThan(2);
    await writeFile(file('system'), bytes);
    expect(entriesOf(await readAll())).toEqual(await entriesOfJournalctl(directory));
  });

  test.each([[true], [false]])('say the same through any window as entry by entry, compact: %j', async (isCompact) => {
    await writeJournal(file('system'), variedEntries(2), { isCompact });
    const apart = entriesOf(readFileApart(file('system')));
    expect(apart).toHaveLength(variedEntries(2).length);
    for (const kibibytes of windowKibibytes) {
      expect(entriesOf(readFileThrough(file('system'), kibibytes * 1024))).toEqual(apart);
    }
  });

  test('that have fields in common agree in all but those of a line, and most lines of a writer do', async () => {
    const numbered = numberedEntries(60).map(({ bootId, monotonicUs, realtimeUs }, number): TestEntry => {
      return { bootId, monotonicUs, realtimeUs, fields: lineOf(number) };
    });
    await writeJournal(file('system'), [...numbered, ...variedEntries(3)]);
    const groups = Map.groupBy(await readFiles(), ({ fields }) => fields.common);
    groups.delete(undefined);
    for (const records of groups.values()) {
      const described = entriesOf(records).map((fields) =>
        Object.fromEntries(Object.entries(fields).filter(([name]) => !isLineField(name))),
      );
      for (const fields of described) expect(fields).toEqual(described[0]);
    }
    const largest = Math.max(...Array.from(groups.values(), ({ length }) => length));
    expect(largest).toBeGreaterThan(20);
  });

  test('are let go of while nobody takes what was read, and read on where that was', async () => {
    await writeJournal(file('system'), numberedEntries(1000));
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(longestWaitMs)]);
    const reading = createSource(quickClock).read(new Map([['', beginning]]), signal);
    const messages = reading[Symbol.asyncIterator]();
    const read: LogRecord[] = [];
    const take = async (): Promise<void> => {
      const { value } = await messages.next();
      if (value?.kind === 'records') read.push(...value.records);
    };
    await take();
    expect(await openFilesBelow(directory)).not.toEqual([]);
    while ((await openFilesBelow(directory)).length > 0) await systemClock.sleep(10, signal);
    while (read.length < 1000 && !signal.aborted) await take();
    expect(messagesOf(read)).toEqual(numberedEntries(1000).map((_, number) => `line ${number}`));
    stop.abort();
    await messages.return?.();
  });

  test('are interleaved as journalctl does it, entries of one microsecond too', async () => {
    const numbered = ['c', 'a', 'b'].flatMap((boot, index) => numberedEntries(100, { from: index * 100, boot }));
    const entries = numbered.map(({ fields }, at): TestEntry => {
      const { bootId, monotonicUs, realtimeUs } = some(numbered[at % 4 === 1 ? at - 1 : at]);
      return { bootId, monotonicUs, realtimeUs, fields };
    });
    const names = ['system', 'user-1000', 'user-1001'];
    for (const [index, name] of names.entries()) {
      const own = entries.filter((_, at) => ((at * 2_654_435_761) >>> 4) % names.length === index);
      await writeJournal(file(name), own);
    }
    const records = await readFiles();
    expect(records).toHaveLength(entries.length);
    expect(entriesOf(records)).toEqual(await entriesOfJournalctl(directory));
  });

  test('that are copies of others add nothing', async () => {
    await writeJournal(file('system'), variedEntries(1));
    const records = await readFiles();
    await cp(file('system'), file('copy'));
    await writeJournal(file('again'), variedEntries(1));
    expect(messagesOf(await readFiles())).toEqual(messagesOf(records));
  });

  test.each([
    ['XZ', offBits.xz, 'compressed with XZ'],
    ['a feature to come', offBits.unknown, 'features (0x80) of a newer systemd'],
  ])('are left to journalctl if one has %s, which is said once', async (_, bit, reason) => {
    await writeJournal(file('system'), numberedEntries(5));
    await writeJournal(file('other'), numberedEntries(1));
    const bytes = await readFile(file('other'));
    bytes.writeUInt32LE(bytes.readUInt32LE(12) | bit, 12);
    await writeFile(file('other'), bytes);
    const source = createSource();
    expect(messagesOf(await readToHead(source, beginning))).toContain('line 4');
    expect(messagesOf(await readToHead(source, beginning))).toContain('line 4');
    const said = log.lines.filter(({ message }) => message.includes('read through journalctl'));
    expect(said).toHaveLength(1);
    expect(JSON.stringify(said)).toContain(reason);
  });

  test('go on from the cursors of the other reader, and the other way round', async () => {
    await writeJournal(file('system'), variedEntries(2));
    const native = createSource();
    const journalctl = createJournaldSource(journaldOptions.parse({ directory }), {
      clock: systemClock,
      logger: log.logger,
      fields: [],
    });
    const records = await readToHead(native, beginning);
    const cursors = records.map(({ position }) => position.cursor());
    for (const index of [0, 17, 40]) {
      const start = { kind: 'after', cursor: cursors[index] ?? '' } as const;
      for (const source of [native, journalctl]) {
        const rest = await readToHead(source, start);
        expect(rest.map(({ position }) => position.cursor())).toEqual(cursors.slice(index + 1));
        expect(rest.map(({ position }) => position.id())).toEqual(
          records.slice(index + 1).map(({ position }) => position.id()),
        );
      }
    }
  });

  test('of damaged bytes are read to an end, whatever is hit', async () => {
    const entries = [...numberedEntries(1000), ...variedEntries(1)];
    await writeJournal(file('system'), entries);
    const sound = await readFile(file('system'));
    const written = sound.findLastIndex((byte) => byte !== 0);
    let state = 7;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    for (let round = 0; round < 30; round += 1) {
      const bytes = Buffer.from(sound);
      for (let hit = 0; hit < 10 * (round + 1); hit += 1) bytes.writeUInt32LE(random(), 208 + (random() % written));
      await writeFile(file('system'), bytes);
      expect((await readFiles()).length).toBeLessThanOrEqual(entries.length);
    }
  });
});
