import type { LogRecord } from '#sdk';
import type { EntryFields } from './entry-fields.ts';
import type { JournalPosition } from './position.ts';

/** A record of the journal: its position is one that the journal's reader understands. */
export interface JournalRecord extends LogRecord {
  readonly position: JournalPosition;
  readonly fields: EntryFields;
}

/** What a record costs besides its values, about. */
export const recordBytes = 64;
/** What a value costs besides its bytes where no other record has it, about. */
export const valueBytes = 128;
/** So many of an entry's own are within what any record costs: its message and its time. */
export const freeValues = 2;
