import type { LogRecord } from '#sdk';
import { newestArguments } from '../arguments.ts';
import { ExportEntries } from '../export/export-entries.ts';
import { FieldNames } from '../field-names.ts';
import type { JournalRecord } from '../journal-record.ts';
import { JournalctlProcess } from '../journalctl-process.ts';
import type { JournalReading } from '../reading.ts';
import { JournalMerge } from './journal-merge.ts';
import { locationOf } from './location.ts';
import { mergeOptions } from './native-reader.ts';

/** What comparing both readers found; `unknown` where journalctl could not be asked. */
export type Comparison =
  | { readonly kind: 'equal'; readonly entries: number }
  | { readonly kind: 'different' | 'unknown'; readonly reason: string };

/** Whether a field is one that journalctl adds to what an entry holds. */
const isAdded = (name: string): boolean => name.startsWith('__');

const bytesOf = (fields: LogRecord['fields'], name: string): string =>
  Buffer.from(fields.invalidBytes(name) ?? []).toString('latin1');

const isSameField = (one: LogRecord['fields'], other: LogRecord['fields'], name: string): boolean => {
  const [values, others] = [one.all(name), other.all(name)];
  const isSameText = values.length === others.length && values.every((value, index) => value === others[index]);
  return isSameText && bytesOf(one, name) === bytesOf(other, name);
};

/** What differs in an entry, for people; undefined where nothing does. Values that were cut are not compared. */
export const differenceOf = (printed: JournalRecord, read: JournalRecord | undefined): string | undefined => {
  const cursor = printed.position.cursor();
  if (read === undefined) return `the entry ${cursor} was not found`;
  if (read.position.cursor() !== cursor) return `${read.position.cursor()} was found in place of ${cursor}`;
  if (printed.truncatedBytes > 0 || read.truncatedBytes > 0) return undefined;
  const names = new Set([...printed.fields.names(), ...read.fields.names()]);
  const different = [...names].find((name) => !isAdded(name) && !isSameField(printed.fields, read.fields, name));
  return different === undefined ? undefined : `${different} differs in ${cursor}`;
};

/** Whether journalctl may leave an entry out behind one: up to systemd 242 it prints equal entries of a microsecond once. */
const mayBeHidden = (read: JournalRecord | undefined, before: JournalRecord | undefined): boolean => {
  if (read === undefined || before === undefined) return false;
  const [one, other] = [read.position, before.position];
  return (
    one.realtimeUs === other.realtimeUs &&
    one.bootId === other.bootId &&
    one.hashLow === other.hashLow &&
    one.hashHigh === other.hashHigh
  );
};

/** The next records; none before the next look. */
const readSome = (journal: JournalMerge): readonly JournalRecord[] => {
  let batch = journal.read();
  while (batch.records.length === 0 && !batch.isLast) batch = journal.read();
  return batch.records;
};

/** The entries from the first one on that is asked for, each as the files have it. */
class Counterpart {
  readonly #reading: JournalReading;
  #journal: JournalMerge | undefined;
  #records: readonly JournalRecord[] = [];
  #next = 0;
  #last: JournalRecord | undefined;

  constructor(reading: JournalReading) {
    this.#reading = reading;
  }

  /** The next entry that journalctl may mean by a cursor; the first time, the one of the cursor. */
  async next(cursor: string): Promise<JournalRecord | undefined> {
    let read = await this.#take(cursor);
    while (read?.position.cursor() !== cursor && mayBeHidden(read, this.#last)) read = await this.#take(cursor);
    this.#last = read;
    return read;
  }

  async #take(cursor: string): Promise<JournalRecord | undefined> {
    if (this.#next === this.#records.length) await this.#readOn(cursor);
    this.#next += 1;
    return this.#records[this.#next - 1];
  }

  close(): void {
    this.#journal?.close();
  }

  async #readOn(cursor: string): Promise<void> {
    this.#next = 0;
    const journal = this.#journal ?? this.#open(cursor);
    this.#records = readSome(journal);
    if (this.#records.length > 0) return;
    await journal.look();
    this.#records = readSome(journal);
  }

  #open(cursor: string): JournalMerge {
    const options = { ...mergeOptions(this.#reading), fields: undefined };
    this.#journal = new JournalMerge(options, locationOf({ kind: 'cursor', cursor }), undefined);
    return this.#journal;
  }
}

/** Reads the newest `count` entries both ways and compares them, field for field and cursor for cursor. */
export const compareReaders = async (
  reading: JournalReading,
  count: number,
  signal: AbortSignal,
): Promise<Comparison> => {
  const child = new JournalctlProcess(reading.journalctlPath, newestArguments(reading.place, count, undefined));
  const counterpart = new Counterpart(reading);
  const { maxMessageBytes } = reading;
  let stray = 0;
  const onStray = (bytes: number): void => void (stray += bytes);
  const printedEntries = new ExportEntries({ names: new FieldNames(undefined), maxMessageBytes, onStray });
  let entries = 0;
  const stop = (): void => child.stop();
  signal.addEventListener('abort', stop);
  try {
    signal.throwIfAborted();
    for await (const chunk of child.output()) {
      const records = printedEntries.push(chunk);
      if (stray > 0) return { kind: 'unknown', reason: 'journalctl printed what is no entry' };
      for (const printed of records) {
        const reason = differenceOf(printed, await counterpart.next(printed.position.cursor()));
        if (reason !== undefined) return { kind: 'different', reason };
        entries += 1;
      }
    }
    signal.throwIfAborted();
    const { code, stderr, startError } = await child.exit;
    if (code === 0) return { kind: 'equal', entries };
    return { kind: 'unknown', reason: `journalctl could not be asked: ${startError ?? stderr.join('; ')}` };
  } finally {
    signal.removeEventListener('abort', stop);
    child.stop();
    counterpart.close();
  }
};
