import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Source } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { requireComponents } from '../support/components.ts';
import { numberedEntries, writeJournal } from '../support/journal.ts';
import { createMemoryLogger } from '../support/memory-logger.ts';
import { beginning, messagesOf, readToHead, readUntil, recordsOf } from '../support/read-records.ts';
import { variedEntries } from '../support/varied-entries.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(30_000);

const describeAuto = requireComponents('journalctl', 'systemd-journal-remote');

const hourMs = 3_600_000;
const quickHourMs = 100;

/** A clock on which an hour has passed after a tenth of a second; all that is shorter takes its time. */
const quickHours: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * (hourMs / quickHourMs),
  sleep: async (ms, signal) => await systemClock.sleep(ms < hourMs ? ms : ms * (quickHourMs / hourMs), signal),
};

/** The same, where nothing may take half a minute. */
const quickLimits: Clock = {
  ...quickHours,
  sleep: async (ms, signal) => await quickHours.sleep(ms === 30_000 ? quickHourMs : ms, signal),
};

describeAuto('reader: auto', () => {
  let directory: string;
  let log: ReturnType<typeof createMemoryLogger>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
    log = createMemoryLogger();
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const file = (name: string): string => join(directory, name);

  const createSource = (journalctlPath = 'journalctl', clock: Clock = systemClock): Source =>
    createJournaldSource(journaldOptions.parse({ directory, reader: 'auto' }), {
      clock,
      logger: log.logger,
      fields: [],
      journalctlPath,
    });

  /** A journalctl whose output goes through `filter` once the file `lies` is there, and that notes how it is called. */
  const journalctlThrough = async (filter: string): Promise<string> => {
    const path = file('journalctl');
    const command = `if [ -e ${file('lies')} ]; then exec journalctl "$@" | ${filter}; else exec journalctl "$@"; fi`;
    await writeFile(path, `#!/bin/sh\necho "$@" >>${file('calls')}\n${command}\n`);
    await chmod(path, 0o755);
    return path;
  };

  /** A journalctl that does `instead` once the file `fails` is there. */
  const journalctlFailing = async (instead: string): Promise<string> => {
    const path = file('journalctl');
    const command = `if [ -e ${file('fails')} ]; then ${instead}; else exec journalctl "$@"; fi`;
    await writeFile(path, `#!/bin/sh\necho "$@" >>${file('calls')}\n${command}\n`);
    await chmod(path, 0o755);
    return path;
  };

  /** What was said of comparisons that were not possible. */
  const complaints = (): readonly string[] =>
    log.lines.filter(({ message }) => message.includes("can't be compared")).map((line) => JSON.stringify(line));

  const follows = async (): Promise<boolean> => (await readFile(file('calls'), 'utf8')).includes('--follow');

  test('reads the files where they say what journalctl says', async () => {
    await writeJournal(file('system.journal'), variedEntries(1));
    const source = createSource(await journalctlThrough('cat'));
    expect(await readToHead(source, beginning)).toHaveLength(variedEntries(1).length);
    expect(source.reader?.()).toEqual({ name: 'native', mismatches: 0 });
    expect(await follows()).toBe(false);
  });

  test.each([
    ['a field differs', 'sed -u "s/line 7/line eight/"'],
    ['an entry is missing', 'grep -v --line-buffered "line 7"'],
    ['a cursor differs', 'sed -u "s/;i=7;/;i=77;/"'],
  ])('goes on with journalctl where %s, and says so', async (_, filter) => {
    await writeJournal(file('system.journal'), numberedEntries(20));
    await writeFile(file('lies'), '');
    const source = createSource(await journalctlThrough(filter));
    await readUntil(source, beginning, (all) => recordsOf(all).length >= 10);
    expect(source.reader?.()).toEqual({ name: 'journalctl', mismatches: 1 });
    expect(JSON.stringify(log.lines)).toContain('the journal is read through journalctl');
    expect(await follows()).toBe(true);
  });

  test('reads the files on where journalctl prints equal entries of one time once, as systemd 239 to 242 do', async () => {
    const [entry, ...others] = numberedEntries(20);
    const entries = [entry, entry, entry, ...others].flatMap((each) => each ?? []);
    await writeJournal(file('system.journal'), entries);
    await writeFile(file('lies'), '');
    const once = `awk 'BEGIN { RS = ""; ORS = "\\n\\n" } { own = $0; sub(/^__CURSOR=[^\\n]*\\n/, "", own) } own != last; { last = own }'`;
    const source = createSource(await journalctlThrough(once));
    expect(await readToHead(source, beginning)).toHaveLength(entries.length);
    expect(source.reader?.()).toEqual({ name: 'native', mismatches: 0 });
  });

  test('loses and repeats nothing where a difference is found later, by a sample', async () => {
    await writeJournal(file('system.journal'), numberedEntries(20));
    const source = createSource(await journalctlThrough('sed -u "s/line 7/line eight/"'), quickHours);
    let lied: Promise<void> | undefined;
    let appended: Promise<void> | undefined;
    const messages = await readUntil(source, beginning, (all) => {
      if (recordsOf(all).length === 20) lied ??= writeFile(file('lies'), '').then(waitForSwitch);
      return recordsOf(all).length >= 25;
    });
    async function waitForSwitch(): Promise<void> {
      while (source.reader?.().name === 'native') await systemClock.sleep(5, new AbortController().signal);
      appended ??= writeJournal(file('system.journal'), numberedEntries(5, { from: 20 }));
    }
    await lied;
    await appended;
    expect(messagesOf(recordsOf(messages))).toEqual(numberedEntries(25).map(({ fields }) => fields['MESSAGE']));
    expect(source.reader?.()).toEqual({ name: 'journalctl', mismatches: 1 });
  });

  test.each([
    ['is gone', 'exec /nonexistent/journalctl', /exec: \/nonexistent|not found/],
    ['fails', 'echo "Failed to allocate memory" >&2; exit 1', /Failed to allocate memory/],
    ['hangs', 'exec sleep 1000', /did not answer/],
    ['prints nonsense', 'echo "{}"', /what is no entry/],
  ])('reads the files on while a sample finds that journalctl %s, and tries again', async (_, instead, reason) => {
    await writeJournal(file('system.journal'), numberedEntries(20));
    const source = createSource(await journalctlFailing(instead), quickLimits);
    let appended: Promise<void> | undefined;
    const complained = async (): Promise<void> => {
      await writeFile(file('fails'), '');
      while (complaints().length < 2) await systemClock.sleep(5, new AbortController().signal);
      await writeJournal(file('system.journal'), numberedEntries(5, { from: 20 }));
    };
    const messages = await readUntil(source, beginning, (all) => {
      if (recordsOf(all).length === 20) appended ??= complained();
      return recordsOf(all).length >= 25;
    });
    await appended;
    expect(messagesOf(recordsOf(messages))).toEqual(numberedEntries(25).map(({ fields }) => fields['MESSAGE']));
    expect(source.reader?.()).toEqual({ name: 'native', mismatches: 0 });
    expect(complaints()[0]).toMatch(reason);
  });

  test('does not begin with files that could not be compared: journalctl hangs, and is asked for lines', async () => {
    await writeJournal(file('system.journal'), numberedEntries(10));
    const path = await journalctlFailing('case "$*" in *--follow*) exec journalctl "$@";; esac; exec sleep 1000');
    await writeFile(file('fails'), '');
    const source = createSource(path, quickLimits);
    const messages = await readUntil(source, beginning, (all) => recordsOf(all).length >= 10);
    expect(recordsOf(messages)).toHaveLength(10);
    expect(source.reader?.()).toEqual({ name: 'journalctl', mismatches: 0 });
    expect(JSON.stringify(log.lines)).toContain('did not answer');
  });

  test('says what to do where there is no journalctl', async () => {
    await writeJournal(file('system.journal'), numberedEntries(10));
    const source = createSource(file('nothing'));
    await expect(source.check(new AbortController().signal)).rejects.toThrow(
      /nothing was not found.*install systemd, or set sources\.journald\.reader to native/,
    );
  });
});
