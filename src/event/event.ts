import type { JsonObject } from './json.ts';
import type { Level } from './level.ts';
import type { RecordFields, RecordPosition } from './record.ts';

/** An error as an application logged it (ecs-logs schema). */
export interface EventError {
  readonly type?: string;
  readonly error?: string;
  readonly stack?: readonly string[];
}

/**
 * Where an event comes from. Everything here is the journal's and the host's word, never the message's, except `source`
 * and `errors`, which describe only themselves.
 */
export interface EventInfo {
  readonly host?: string;
  readonly instance?: string;
  readonly region?: string;
  readonly account?: string;
  readonly cluster?: string;
  readonly task?: string;
  readonly unit?: string;
  readonly identifier?: string;
  readonly container?: string;
  readonly image?: string;
  readonly machine?: string;
  readonly pid?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** `file:line:function`, as the application says. */
  readonly source?: string;
  readonly errors?: readonly EventError[];
  /** Static `labels` of the configuration. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The time that the line itself claims, RFC 3339, where it is more than 24 h off the journal's. */
  readonly claimed_time?: string;
  /** Base64 of a message that is not valid UTF-8: nothing of a line is lost. */
  readonly raw?: string;
  /** Bytes that were cut off because the line was longer than `max_message`. */
  readonly truncated_bytes?: number;
  /** Set on the parts of an event that was too large for a destination: this is part `index` of `count`, from 1. */
  readonly part?: { readonly index: number; readonly count: number };
  /** Set on an event joined of pieces of which the last never came. */
  readonly incomplete?: true;
}

/** True where all events of an origin have this very object: it says nothing of one event alone. */
export const isSharedInfo = (info: EventInfo): boolean => {
  const { source, errors, claimed_time, raw, truncated_bytes, part, incomplete } = info;
  return (source ?? errors ?? claimed_time ?? raw ?? truncated_bytes ?? part ?? incomplete) === undefined;
};

/**
 * Makes events of one origin anew, each of its line as written and its position alone: whoever holds many events for long
 * holds no more of them than that.
 */
export interface EventRecall {
  /** Whose lines they are. */
  readonly service: string;
  /** The same event again, but for journal fields that are a line's own (`isLineField`). */
  remake(raw: string, position: RecordPosition): LogEvent;
}

/** A normalized record, or several joined: the one shape that flows from sources to destinations. */
export interface LogEvent {
  /** Position of its (first) record; `position.id()` is the event's id. */
  readonly position: RecordPosition;
  /** Microseconds since the epoch: the line's own time where it is within 24 h of the journal's, else the journal's. */
  readonly timeUs: number;
  readonly level: Level;
  readonly message: string;
  /** Whose line it is. */
  readonly service: string;
  /** Which instance wrote it. */
  readonly stream: string;
  readonly info: EventInfo;
  /** What the application said besides its message. */
  readonly data: JsonObject | undefined;
  /** The line as written. */
  readonly raw: string;
  /** True when `raw` is a JSON object. */
  readonly structured: boolean;
  /** The source's own fields, for matches and templates. */
  readonly fields: RecordFields;
  /** Size of what it holds of its records, as read, in bytes. */
  readonly bytes: number;
  /** Memory of what was parsed of the line, in bytes, as estimated, as far as it is worth counting; undefined: of nothing. */
  readonly parsedBytes?: number | undefined;
  /** Undefined where the event says more than follows from its line and its origin. */
  readonly recall?: EventRecall | undefined;
}
