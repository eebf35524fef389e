import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { LogRecord } from '#sdk';
import { JournalFields } from '../../src/config-tests/json-fields.ts';
import { EntryFields } from '../../src/sources/journald/entry-fields.ts';

const run = promisify(execFile);

/** What is known of an entry: its fields with all their values, and bytes that are no text. */
type Entry = Readonly<Record<string, readonly string[]>>;

const longestShown = 100;

/** A difference of megabytes helps nobody. */
const shorten = (value: string): string =>
  value.length <= longestShown
    ? value
    : `${value.slice(0, longestShown)}... ${value.length} ${createHash('sha256').update(value).digest('hex')}`;

/** Fields that journalctl makes up, and that newer ones add to. */
const isAddress = (name: string): boolean => name.startsWith('__') && name !== '__CURSOR';

const describe = (fields: LogRecord['fields'], names: Iterable<string>): Entry =>
  Object.fromEntries(
    [...new Set(names)]
      .filter((name) => !isAddress(name))
      .toSorted()
      .map((name) => {
        const invalid = Buffer.from(fields.invalidBytes(name) ?? []).toString('base64');
        return [name, [...fields.all(name), invalid].map(shorten)];
      }),
  );

/** Every field of every entry below a folder, as journalctl prints them. */
export const entriesOfJournalctl = async (directory: string): Promise<readonly Entry[]> => {
  const parameters = ['--quiet', '--all', '--merge', '--output=json', `--directory=${directory}`];
  const { stdout } = await run('journalctl', parameters, { maxBuffer: 1024 ** 3 });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line))
    .map((entry) => describe(new JournalFields(entry), Object.keys(entry)));
};

/** Every field of records that were read from the files. */
export const entriesOf = (records: readonly LogRecord[]): readonly Entry[] =>
  records.map(({ fields }) => {
    if (!(fields instanceof EntryFields)) throw new TypeError('not read from the files');
    return describe(fields, [...fields.names(), '_BOOT_ID', '__CURSOR']);
  });
