import type { LogRecord, RecordPosition } from '../event/record.ts';
import type { LossReason } from '../event/drop-reason.ts';

/** Where a shard is to be read from. */
export type StartPoint =
  | { readonly kind: 'after'; readonly cursor: string }
  | { readonly kind: 'beginning' }
  | { readonly kind: 'since'; readonly timeUs: number };

/** Records that the source knows to be missing, found while reading. */
export interface Loss {
  readonly reason: LossReason;
  readonly count: number;
  /** Whose lines they were, where the source says so: `docker.service`. */
  readonly unit: string | undefined;
}

/** What a reader tells, in the order of the source. */
export type SourceMessage =
  | { readonly kind: 'records'; readonly records: readonly LogRecord[] }
  | { readonly kind: 'lost'; readonly shard: string; readonly loss: Loss }
  /** A shard is ours from now on, or no longer (Kafka partitions, files). A journal has one, from the start. */
  | { readonly kind: 'assigned'; readonly shard: string }
  | { readonly kind: 'revoked'; readonly shard: string };

/** The newest record of a source, for lag. */
export interface SourceHead {
  readonly position: RecordPosition;
}

/**
 * Something that records are read from. One source serves many readers at once; each reads from its own cursors.
 */
export interface Source {
  readonly name: string;
  /** How far back it can be read again: to any cursor it still holds, to what was committed, or not at all. */
  readonly replay: 'any' | 'committed' | 'none';
  /** What happens to writers when nobody reads: they wait, are refused, or lines are dropped. */
  readonly overflow: 'wait' | 'refuse' | 'drop';
  /** The shards that exist from the start; the journal's is ''. */
  readonly shards: readonly string[];
  /**
   * Checks that the source can be read and what of it is hidden.
   *
   * @throws {SourceError} when it cannot be read, with the remedy.
   */
  check(signal: AbortSignal): Promise<SourceCheck>;
  /** Turns a configured `start` into a point that means the same after a restart. */
  resolveStart(start: Start, signal: AbortSignal): Promise<StartPoint>;
  /**
   * Reads on from `start`, for ever, surviving whatever heals (restarts, rotation, vacuum). Pulling is the back-pressure:
   * nothing is read ahead but what the pipe holds. Ends only when `signal` aborts.
   *
   * @throws {SourceError} when it can't go on.
   */
  read(start: ReadonlyMap<string, StartPoint>, signal: AbortSignal): AsyncIterable<SourceMessage>;
  /** The newest record; undefined when the source is empty. */
  head(signal: AbortSignal): Promise<SourceHead | undefined>;
  /** How many records lie after `cursor` up to `head`; undefined when the source can't tell. */
  recordsBetween(cursor: string, head: RecordPosition): number | undefined;
}

/** The `start` of a source's configuration. */
export type Start =
  | { readonly kind: 'now' }
  | { readonly kind: 'beginning' }
  | { readonly kind: 'ago'; readonly ms: number }
  | { readonly kind: 'since'; readonly timeUs: number }
  | { readonly kind: 'last'; readonly records: number };

/** What can be seen of a source. */
export interface SourceCheck {
  /** For people: `journal of this host (/var/log/journal)`. */
  readonly description: string;
  /** What is wrong but not fatal, for people, with the remedy: `you see 1 of 3 journals; ...`. */
  readonly warnings: readonly string[];
  /** What of it this user has no right to read, with the remedy; one of the warnings. */
  readonly hidden?: string | undefined;
}

/** A source can't be read; the message says what, where and what to do. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  /** `unavailable`: there is none; `denied`: rights are missing; `broken`: it went wrong for good. */
  readonly kind: 'unavailable' | 'denied' | 'broken';

  constructor(kind: 'unavailable' | 'denied' | 'broken', message: string) {
    super(message);
    this.kind = kind;
  }
}
