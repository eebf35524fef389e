import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

export type FieldValue = string | Uint8Array;

/** An entry of a journal that a test makes. */
export interface TestEntry {
  readonly bootId: string;
  readonly monotonicUs: number;
  readonly realtimeUs: number;
  /** An array gives a field several values. */
  readonly fields: Readonly<Record<string, FieldValue | readonly FieldValue[]>>;
}

const run = promisify(execFile);
const remotePath = ['/lib/systemd/systemd-journal-remote', '/usr/lib/systemd/systemd-journal-remote'].find(existsSync);

/** The binary form of the export format takes any value but none (systemd's JOURNAL_EXPORT_FORMATS.md). */
const encodeField = (name: string, value: FieldValue): Buffer => {
  const bytes = Buffer.from(value);
  if (bytes.length === 0) return Buffer.from(`${name}=\n`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')]);
};

const encodeFields = (fields: TestEntry['fields']): readonly Buffer[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each: FieldValue) => encodeField(name, each)),
  );

const encodeEntry = (entry: TestEntry): Buffer =>
  Buffer.concat([
    Buffer.from(
      `__REALTIME_TIMESTAMP=${entry.realtimeUs}\n__MONOTONIC_TIMESTAMP=${entry.monotonicUs}\n_BOOT_ID=${entry.bootId}\n`,
    ),
    ...encodeFields(entry.fields),
    Buffer.from('\n'),
  ]);

/** Entries in the export format. */
export const exportOf = (entries: readonly TestEntry[]): Buffer => Buffer.concat(entries.map(encodeEntry));

/** How a journal file is laid out; what is left open is up to systemd. */
export interface JournalLayout {
  readonly isCompressed?: boolean;
  readonly isCompact?: boolean;
  readonly hasKeyedHash?: boolean;
}

const environmentOf = ({ isCompact, hasKeyedHash }: JournalLayout): NodeJS.ProcessEnv => ({
  ...process.env,
  ...(isCompact !== undefined && { SYSTEMD_JOURNAL_COMPACT: isCompact ? '1' : '0' }),
  ...(hasKeyedHash !== undefined && { SYSTEMD_JOURNAL_KEYED_HASH: hasKeyedHash ? '1' : '0' }),
});

/**
 * Writes entries to a journal file with systemd-journal-remote, which appends to one that is there. It keeps times, boot
 * ids and fields; numbers begin at 1 under a random sequence id.
 */
export const writeJournal = async (
  file: string,
  entries: readonly TestEntry[],
  layout: JournalLayout = {},
): Promise<void> => {
  const compression = layout.isCompressed === false ? ['--compress=no'] : [];
  const done = run(remotePath ?? 'systemd-journal-remote', [...compression, `--output=${file}`, '-'], {
    env: environmentOf(layout),
  });
  done.child.stdin?.end(exportOf(entries));
  await done;
};

/** A boot id that is easy to tell from others. */
export const bootId = (digit: string): string => digit.repeat(32);

const machineId = 'f'.repeat(32);
const firstUs = Date.UTC(2026, 10, 22) * 1000;

/** `count` entries of one boot, a millisecond apart from number `from` on. */
export const numberedEntries = (
  count: number,
  { from = 0, boot = 'a', machine = machineId }: { from?: number; boot?: string; machine?: string } = {},
): readonly TestEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    bootId: bootId(boot),
    monotonicUs: 1_000_000 + (from + index) * 1000,
    realtimeUs: firstUs + (from + index) * 1000,
    fields: { MESSAGE: `line ${from + index}`, PRIORITY: '6', _MACHINE_ID: machine },
  }));
