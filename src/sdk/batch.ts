import type { RecordPosition } from '../event/record.ts';
import type { TextBuffer } from './text-buffer.ts';

/** One event as it will be sent; the same object however often it is. */
export interface BatchEntry {
  /** Where its (first) record stands, and the id that goes with it. */
  readonly position: RecordPosition;
  /** Whose line it is. */
  readonly service: string;
  /**
   * What `Sender.encode` made of it; to be read only while the batch is being sent. Read it once: it may be decoded for
   * whoever reads it. Whoever wants lines in UTF-8 takes `linesOf`.
   */
  readonly text: string;
  /** The buffer that keeps the text in UTF-8, if one does, and where it begins in it. */
  readonly texts?: TextBuffer | undefined;
  readonly start?: number;
  /** UTF-8 bytes of `text`, without the service's overhead. */
  readonly bytes: number;
  /** Milliseconds since the epoch to send it under: the event's time, restamped where the service's window demands. */
  readonly timeMs: number;
  /** True where that is not the event's own time. */
  readonly isRestamped: boolean;
}

/** Events with one key, in the order of the source, within the limits that the adapter declared. Never empty. */
export interface Batch {
  readonly key: string;
  readonly entries: readonly BatchEntry[];
  /** As the service counts: the entries' bytes + `overheadPerEvent` each + `overheadPerBatch`. */
  readonly bytes: number;
}

/** What a service takes in one request. Each adapter names the document that its numbers come from. */
export interface BatchLimits {
  /** Most bytes of a batch, counted as `Batch.bytes` is. */
  readonly maxBytes: number;
  readonly maxEvents: number;
  /** Most UTF-8 bytes of one entry's text; a larger event is sent in parts. */
  readonly maxEventBytes: number;
  readonly overheadPerEvent: number;
  readonly overheadPerBatch: number;
  /** Most milliseconds between the oldest and the newest event of a batch; undefined: no limit. */
  readonly maxSpanMs?: number;
}

/** How old or how far ahead an event may be when the service receives it. */
export interface AcceptanceWindow {
  readonly pastMs: number;
  readonly futureMs: number;
}
