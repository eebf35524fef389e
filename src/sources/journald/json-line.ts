import { isJsonObject, type LogRecord } from '#sdk';
import { cutMessage } from './cut-message.ts';
import { type JournalEntry, JournalFields } from './fields.ts';
import type { JournalLine } from './line-splitter.ts';
import { JournalPosition } from './position.ts';
import type { SharedEntries } from './shared-entries.ts';

/** A record of the journal: its position is one that the journal's reader understands. */
export interface JournalRecord extends LogRecord {
  readonly position: JournalPosition;
}

const parseEntry = (text: string): JournalEntry | undefined => {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

const toRecord = (fields: JournalFields, bytes: number, truncatedBytes: number): JournalRecord | undefined => {
  const position = JournalPosition.parse(fields.get('__CURSOR') ?? '');
  return position === undefined ? undefined : { position, fields, bytes, truncatedBytes };
};

/**
 * Undefined for a line that is no entry: notes of journalctl's, or damaged output.
 *
 * @param shared keeps what entries have in common; undefined: nothing.
 */
export const parseLine = (
  line: JournalLine,
  maxMessageBytes: number,
  shared?: SharedEntries,
): JournalRecord | undefined => {
  if (line.kind === 'long') {
    return toRecord(new JournalFields(line.line.entry()), line.line.keptBytes, line.line.droppedBytes);
  }
  if (!line.text.startsWith('{')) return undefined;
  const parsed = parseEntry(line.text);
  if (parsed === undefined) return undefined;
  const { entry, truncatedBytes } = cutMessage(parsed, maxMessageBytes);
  return toRecord(shared?.fieldsOf(entry) ?? new JournalFields(entry), line.bytes, truncatedBytes);
};
