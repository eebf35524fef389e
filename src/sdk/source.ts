import type { LogRecord, RecordPosition } from '../event/record.ts';
import type { SourceCapacity } from './source-capacity.ts';

/** Where a shard is to be read from. */
export type StartPoint =
  | { readonly kind: 'after'; readonly cursor: string }
  | { readonly kind: 'beginning' }
  | { readonly kind: 'since'; readonly timeUs: number };

/** What a reader tells, in the order of the source. */
export type SourceMessage =
  | { readonly kind: 'records'; readonly records: readonly LogRecord[] }
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
   * Checks that the source can be read and what of it is hidden. May be called again at any time, as every half minute.
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
  /** `receivedUs` of the record that a cursor names, where cursors of this source say that. */
  receivedUsOf?(cursor: string): number | undefined;
  /** What the source holds, and how much it may; undefined where that can't be told. */
  capacity(signal: AbortSignal): Promise<SourceCapacity | undefined>;
  /** How it is read, where there are several ways. */
  reader?(): SourceReader;
}

/** The `start` of a source's configuration. */
export type Start =
  | { readonly kind: 'now' }
  | { readonly kind: 'beginning' }
  | { readonly kind: 'ago'; readonly ms: number }
  | { readonly kind: 'since'; readonly timeUs: number }
  | { readonly kind: 'last'; readonly records: number };

/** One of several ways to read a source. */
export interface SourceReader {
  /** As configured: `journalctl`, `native`. */
  readonly name: string;
  /** How often it was found to read something else than another way does, in this process. */
  readonly mismatches: number;
}

/** What can be seen of a source. */
export interface SourceCheck {
  /** For people: `journal of this host (/var/log/journal)`. */
  readonly description: string;
  /** What is wrong but not fatal, for people, with the remedy: `you see 1 of 3 journals; ...`. */
  readonly warnings: readonly string[];
  /** Parts of it (journals) that rights hide; undefined where all is seen. */
  readonly hidden: { readonly readable: number; readonly total: number } | undefined;
  readonly gapDetection: GapDetection;
}

/**
 * Whether records that are missing from the source are found and told as losses. While it is off, no loss told does not
 * mean that nothing is lost.
 */
export type GapDetection =
  | {
      readonly state: 'on';
      /** How often the source's numbers ran backwards, and the receive time of the newest record where they did. */
      readonly rewound: { readonly count: number; readonly lastUs: number } | undefined;
    }
  | { readonly state: 'off'; readonly reason: string };

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
