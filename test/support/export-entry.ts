import { ExportEntries } from '../../src/sources/journald/export/export-entries.ts';
import { FieldNames } from '../../src/sources/journald/field-names.ts';
import type { JournalRecord } from '../../src/sources/journald/journal-record.ts';
import { some } from './some.ts';

/** A field as it is printed: printable text, or bytes. */
export type ExportField = readonly [name: string, value: string | Uint8Array];

const sizeOf = (bytes: Uint8Array): Buffer => {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(bytes.length));
  return size;
};

/** Whether a value is printed as a line (`utf8_is_printable_newline` of systemd, as far as tests need it). */
const isLine = (value: string): boolean => value.isWellFormed() && !/[\p{Cc}\p{Cs}\ufffe]/u.test(value);

const formatField = ([name, value]: ExportField): Buffer => {
  if (typeof value === 'string' && isLine(value)) return Buffer.from(`${name}=${value}\n`);
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from(`${name}\n`), sizeOf(bytes), bytes, Buffer.from('\n')]);
};

/** An entry as `journalctl --output=export` prints it. */
export const formatExport = (fields: readonly ExportField[]): Buffer =>
  Buffer.concat([...fields.map(formatField), Buffer.from('\n')]);

/** Makes the records that one reading of the journal makes of entries, one after the other. */
export const exportReader = (
  maxMessageBytes = 1024,
): ((fields: Readonly<Record<string, string | Uint8Array>>) => JournalRecord) => {
  const entries = new ExportEntries({ names: new FieldNames(undefined), maxMessageBytes, onStray: () => undefined });
  return (fields) => some(entries.push(formatExport(Object.entries(fields)))[0]);
};

/** The record of an entry that is read alone. */
export const exportedRecord = (fields: Readonly<Record<string, string>>): JournalRecord => exportReader()(fields);
