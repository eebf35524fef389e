import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SourceError, type Source } from '#sdk';
import { journalFields } from '../../src/pipeline/journal-fields.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { requireComponents } from '../support/components.ts';
import { fastClock } from '../support/fast-clock.ts';
import { numberedEntries, writeJournal } from '../support/journal.ts';
import { createMemoryLogger } from '../support/memory-logger.ts';
import { beginning, lostOf, messagesOf, readUntil, recordsOf } from '../support/read-records.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(30_000);

const describeProcess = requireComponents('journalctl', 'systemd-journal-remote');
const never = new AbortController().signal;

const readTen = async (source: Source) =>
  await readUntil(source, beginning, (all) => recordsOf(all).at(-1)?.fields.get('MESSAGE') === 'line 9');

/** Leaves entries out. */
const without = (pattern: string): string => `awk 'BEGIN { RS = ""; ORS = "\\n\\n" } !/${pattern}/'`;

/** `script` stands before journalctl: it may answer itself, else the real one does. Runs are counted in `$runs`. */
describeProcess('a journalctl that', () => {
  let directory: string;
  let log: ReturnType<typeof createMemoryLogger>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
    log = createMemoryLogger();
    await writeJournal(join(directory, 'system.journal'), numberedEntries(10));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const sourceBehind = async (script: string): Promise<Source> => {
    const journalctlPath = join(directory, 'journalctl');
    const count = `runs=$(cat ${directory}/runs 2>/dev/null || echo 0); echo $((runs + 1)) >${directory}/runs`;
    await writeFile(journalctlPath, `#!/bin/sh\n${count}\n${script}\nexec journalctl "$@"\n`);
    await chmod(journalctlPath, 0o755);
    return createJournaldSource(journaldOptions.parse({ directory }), {
      clock: fastClock(20),
      logger: log.logger,
      fields: journalFields,
      journalctlPath,
    });
  };

  const warnings = (): readonly string[] =>
    log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

  /** Ends, so that what it is piped into ends too. */
  const unfollowed = 'journalctl $(echo "$@" | sed s/--follow//)';

  const ten = numberedEntries(10).map(({ fields }) => fields['MESSAGE']);

  test('fails is started again, slower each time', async () => {
    const source = await sourceBehind('[ $runs -ge 3 ] || { echo "Failed to allocate memory" >&2; exit 1; }');
    expect(messagesOf(recordsOf(await readTen(source)))).toEqual(ten);
    expect(log.lines.map(({ fields }) => fields)).toContainEqual({
      reason: 'exit status 1: Failed to allocate memory',
      failures: 3,
    });
  });

  test('ends in the middle of a line is started again after the last whole one', async () => {
    const source = await sourceBehind('[ $runs -gt 0 ] || { journalctl "$@" | head -c 1500; exit 1; }');
    expect(messagesOf(recordsOf(await readTen(source)))).toEqual(ten);
  });

  test('ends without being asked to is started again', async () => {
    const source = await sourceBehind('[ $runs -gt 0 ] || exit 0');
    expect(messagesOf(recordsOf(await readTen(source)))).toEqual(ten);
  });

  test('prints notes between the entries is understood', async () => {
    const source = await sourceBehind('echo "-- Boot 0123 --"; echo; echo "{broken"; echo "{}"');
    expect(messagesOf(recordsOf(await readTen(source)))).toEqual(ten);
  });

  test('refuses to follow all boots is run again and again instead, and that is said once', async () => {
    const refusal = 'Using --boot or --list-boots with --merge is not supported.';
    const source = await sourceBehind(`case "$*" in *--follow*) echo "${refusal}" >&2; exit 1;; esac`);
    let appended: Promise<void> | undefined;
    const messages = await readUntil(source, beginning, (all) => {
      const { length } = recordsOf(all);
      if (length === 10) {
        appended ??= writeJournal(join(directory, 'system.journal'), numberedEntries(5, { from: 10 }));
      }
      return length >= 15;
    });
    await appended;
    expect(messagesOf(recordsOf(messages))).toEqual(numberedEntries(15).map(({ fields }) => fields['MESSAGE']));
    expect(warnings().filter((message) => message.includes('cannot follow all boots'))).toHaveLength(1);
  });

  test('skips entries is looked after by a fresh one before any are called lost', async () => {
    const source = await sourceBehind(
      `case "$*" in *--follow*) [ -e $0.done ] || { touch $0.done; ${unfollowed} | ${without('line 5')}; exit; };; esac`,
    );
    const messages = await readTen(source);
    expect(messagesOf(recordsOf(messages))).toEqual(ten);
    expect(lostOf(messages)).toBe(0);
  });

  test('skips entries again and again has lost them', async () => {
    const source = await sourceBehind(`${unfollowed} | ${without('line [56]')}; exit`);
    const messages = await readTen(source);
    expect(messagesOf(recordsOf(messages))).toEqual(ten.filter((line) => line !== 'line 5' && line !== 'line 6'));
    expect(lostOf(messages)).toBe(2);
  });

  test.each([
    ['sees nothing', 'denied', 'No journal files were opened due to insufficient permissions.', /systemd-journal/],
    ['is too old', 'broken', "journalctl: unrecognized option '--output-fields=A'", /systemd 236 or newer/],
    ['knows no namespaces', 'broken', "journalctl: unrecognized option '--namespace=a'", /245 or newer.*namespace/],
    ['refuses the cursor', 'broken', 'Failed to seek to cursor: Invalid argument', /remove that checkpoint/],
    ['refuses a match', 'broken', "Failed to add match 'x': Invalid argument", /sources\.journald\.match/],
    ['finds no folder', 'unavailable', 'Failed to open /x: No such file or directory', /sources\.journald\.directory/],
  ])('%s ends the reading with what to do', async (_, kind, refusal, remedy) => {
    const source = await sourceBehind(`echo "${refusal}" >&2; exit 1`);
    const failure: unknown = await readTen(source).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SourceError);
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(remedy) });
    await expect(source.head(never)).rejects.toThrow(remedy);
  });

  test('is not installed is an error that says so', async () => {
    const source = createJournaldSource(journaldOptions.parse({ directory }), {
      clock: fastClock(1),
      logger: log.logger,
      fields: journalFields,
      journalctlPath: '/nonexistent/journalctl',
    });
    await expect(readTen(source)).rejects.toThrow(/\/nonexistent\/journalctl was not found/);
    await expect(source.check(never)).rejects.toThrow(/was not found/);
  });

  test('is asked for no more than a position where that is all that is wanted', async () => {
    const source = await sourceBehind('echo "$@" >>$0.arguments');
    await source.head(never);
    const parameters = await readFile(join(directory, 'journalctl.arguments'), 'utf8');
    expect(parameters).toContain(' --output-fields=_BOOT_ID');
  });

  test('is ended with the reading, even when it ignores all else', async () => {
    const source = await sourceBehind(`echo $$ >$0.pid; trap '' TERM; ${unfollowed}; sleep 5; exit`);
    await readTen(source);
    const pid = Number(await readFile(join(directory, 'journalctl.pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
