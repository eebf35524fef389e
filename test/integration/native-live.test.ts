import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source, SourceMessage } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import { entriesOf, entriesOfJournalctl } from '../support/compare-readers.ts';
import { requireComponents } from '../support/components.ts';
import { createMemoryLogger } from '../support/memory-logger.ts';
import { beginning, lostOf, messagesOf, readToHead, readUntil, recordsOf } from '../support/read-records.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(60_000);

const describeLive = requireComponents('journalctl', 'systemd-journald', 'root', 'unshare');

const numbered = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, index) => `line ${from + index}`);

const testLines = (messages: readonly SourceMessage[]): readonly (string | undefined)[] =>
  messagesOf(recordsOf(messages)).filter((message) => message?.startsWith('line ') === true);

const hasLine = (messages: readonly SourceMessage[], line: string): boolean =>
  testLines(messages.slice(-1)).includes(line);

describeLive('the files of a live journal', () => {
  let journal: PrivateJournald;
  let log: ReturnType<typeof createMemoryLogger>;

  beforeEach(async () => {
    journal = await startPrivateJournald();
    log = createMemoryLogger();
  });

  afterEach(async () => {
    await journal.stop();
  });

  const createSource = (): Source =>
    createJournaldSource(journaldOptions.parse({ reader: 'native', fields: 'all' }), {
      clock: systemClock,
      logger: log.logger,
      fields: [],
      journalctlPath: journal.journalctlPath,
      hostRoot: journal.path('/'),
    });

  const send = async (lines: readonly string[]): Promise<void> => {
    await journal.send(lines.map((line) => ({ MESSAGE: line })));
  };

  const files = (): string => join(journal.directory, journal.machineId);

  /** A reading that goes on only when it is pulled. */
  const startReading = () => {
    const done = new AbortController();
    const all = createSource().read(new Map([['', beginning]]), done.signal);
    const reading = all[Symbol.asyncIterator]();
    const messages: SourceMessage[] = [];
    return {
      messages,
      pull: async (): Promise<void> => {
        const next = await reading.next();
        if (next.done !== true) messages.push(next.value);
      },
      end: async (): Promise<void> => {
        done.abort();
        await reading.return?.(undefined);
      },
    };
  };

  test('are read without loss or repetition over many rotations in a row', async () => {
    const rotations = 25;
    const rotating = (async () => {
      for (let rotation = 0; rotation < rotations; rotation += 1) {
        await send(numbered(100, rotation * 100));
        await journal.rotate();
      }
      await send(['line last']);
    })();
    const messages = await readUntil(createSource(), beginning, (all) => hasLine(all, 'line last'));
    await rotating;
    expect(testLines(messages)).toEqual([...numbered(rotations * 100), 'line last']);
    expect(lostOf(messages)).toBe(0);
  });

  test('are all found by a reader that was not pulled while they were rotated', async () => {
    await send(numbered(10));
    const { messages, pull, end } = startReading();
    await pull();
    for (let from = 10; from < 210; from += 20) {
      await send(numbered(20, from));
      await journal.rotate();
    }
    while (!hasLine(messages, 'line 209')) await pull();
    await end();
    expect(testLines(messages)).toEqual(numbered(210));
    expect(lostOf(messages)).toBe(0);
  });

  test('say what journalctl says, sealed ones and one that was left behind by a kill too', async () => {
    await journal.exec('journalctl', ['--setup-keys', '--interval=10s']);
    await journal.rotate();
    await send([...numbered(300), 'x'.repeat(5000), '\u0000\u001b binary']);
    await journal.sync();
    await journal.kill();
    await journal.start();
    await send(numbered(300, 300));
    await journal.sync();
    const names = await readdir(files());
    expect(names.filter((name) => name.endsWith('.journal~'))).toHaveLength(1);
    const headers = await Promise.all(
      names.filter((name) => name.includes('journal')).map(async (name) => await readFile(join(files(), name))),
    );
    expect(headers.some((header) => ((header[8] ?? 0) & 1) === 1)).toBe(true);
    const records = await readToHead(createSource(), beginning);
    expect(entriesOf(records)).toEqual((await entriesOfJournalctl(files())).slice(0, records.length));
    expect(messagesOf(records)).toContain('line 599');
  });

  test('that are removed while they are read are counted, and are no damage', async () => {
    const count = 3000;
    for (let from = 0; from < count; from += 1000) {
      await send(numbered(1000, from));
      await journal.sync();
      await journal.rotate();
    }
    const { messages, pull, end } = startReading();
    await pull();
    await journal.vacuum(1);
    await send(['line last']);
    while (!hasLine(messages, 'line last')) await pull();
    await end();
    const sequences = recordsOf(messages).map(({ position }) =>
      Number.parseInt(/;i=([0-9a-f]+)/.exec(position.cursor())?.[1] ?? '', 16),
    );
    expect(recordsOf(messages).length + lostOf(messages)).toBe(sequences.at(-1));
    expect(new Set(sequences).size).toBe(sequences.length);
    expect(lostOf(messages)).toBeGreaterThan(1000);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
