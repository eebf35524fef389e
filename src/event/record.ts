import type { Loss } from './loss.ts';

/**
 * Where a record stands in its source and which record it is. Small and immutable: lanes hold one per unsettled
 * record, long after the record's fields are gone.
 */
export interface RecordPosition {
  /** The configured source it was read from: `journald`. */
  readonly source: string;
  /** The part of the source with an order of its own: a Kafka partition, a file; journald has one, named ''. */
  readonly shard: string;
  /** Microseconds since the epoch at which the source took the record in; orders nothing, measures lag. */
  readonly receivedUs: number;
  /** The source's own resume token: reading "after this cursor" gives the next record. Formatted when asked for. */
  cursor(): string;
  /**
   * The record's identity, the same in every reading of the same source. What becomes `info.id`: printable ASCII without
   * quotes and backslashes, so that JSON holds it as it is.
   */
  id(): string;
}

/** Fields that differ from line to line of one writer. */
export const lineFields: ReadonlySet<string> = new Set([
  'MESSAGE',
  'CONTAINER_LOG_ORDINAL',
  'SYSLOG_RAW',
  'SYSLOG_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
]);

const underscore = 0x5f;

/** True for a field that differs from line to line, or tells where the entry stands in its journal (`__CURSOR`). */
export const isLineField = (name: string): boolean =>
  (name.charCodeAt(0) === underscore && name.charCodeAt(1) === underscore) || lineFields.has(name);

/** The fields of a record, by name; a field may have several values. */
export interface RecordFields {
  /**
   * Records with the same object here have the same values of all fields but those that are a line's own
   * ({@link isLineField}), so that what follows from these is worked out once (`CommonFacts`). Undefined where the source
   * can't tell.
   */
  readonly common?: object | undefined;
  /** The first value as text (invalid UTF-8 replaced by U+FFFD); undefined when the field is absent. */
  get(name: string): string | undefined;
  /** True where the field has more than one value. */
  repeats(name: string): boolean;
  /** All values as text, in the source's order; empty when absent. */
  all(name: string): readonly string[];
  /** The first value's own bytes when it is not valid UTF-8, so that nothing of it is lost; otherwise undefined. */
  invalidBytes(name: string): Uint8Array | undefined;
}

/** What a source hands over: not interpreted yet. The unit of the ledger. */
export interface LogRecord {
  readonly position: RecordPosition;
  readonly fields: RecordFields;
  /** Size of what is held of it, as read from the source, in bytes. */
  readonly bytes: number;
  /** Bytes of the line that the source did not collect because it was longer than `max_message`; 0 as a rule. */
  readonly truncatedBytes: number;
  /** Lines found missing right before it, or that it tells of itself; absent as a rule. */
  readonly losses?: readonly Loss[];
}
