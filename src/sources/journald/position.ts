import type { RecordPosition } from '#sdk';
import { formatJournalId } from '../../event/event-id.ts';
import { cursorTimeUs, formatCursor, type JournalCursor, parseCursor } from './cursor.ts';
import { entryHash } from './entry-hash.ts';
import { type EntryStamp, formatHash, parseHash } from './stamp.ts';

/** The one source that reads the systemd journal. */
export const journaldSourceName = 'journald';

const half = 2 ** 32;

/**
 * Of a journal entry, only what tells where it stands: its fields may be gone long before its position is. Cursor and id
 * are formatted when they are asked for, which few entries ever are. Times are kept in halves of 32 bits, which V8 holds in the
 * object itself: of 100,000 lines that wait, each number of more bits would be an object of its own.
 */
export class JournalPosition implements RecordPosition, EntryStamp {
  /** The counter that `sequence` belongs to. */
  readonly sequenceId: string;
  readonly sequence: number;
  readonly bootId: string;
  readonly hashHigh: number;
  readonly hashLow: number;
  readonly #realtimeHigh: number;
  readonly #realtimeLow: number;
  readonly #monotonicHigh: number;
  readonly #monotonicLow: number;

  constructor(sequenceId: string, stamp: EntryStamp) {
    this.sequenceId = sequenceId;
    this.sequence = stamp.sequence;
    this.#realtimeHigh = Math.floor(stamp.realtimeUs / half);
    this.#realtimeLow = stamp.realtimeUs | 0;
    this.#monotonicHigh = Math.floor(stamp.monotonicUs / half);
    this.#monotonicLow = stamp.monotonicUs | 0;
    this.bootId = stamp.bootId;
    this.hashHigh = stamp.hashHigh;
    this.hashLow = stamp.hashLow;
  }

  static of(cursor: JournalCursor): JournalPosition {
    return new JournalPosition(cursor.sequenceId, {
      sequence: cursor.sequence,
      realtimeUs: cursorTimeUs(cursor),
      monotonicUs: Number.parseInt(cursor.monotonicUs, 16),
      bootId: cursor.bootId,
      ...parseHash(cursor.xorHash),
    });
  }

  /** Undefined when `cursor` is not a complete journal cursor. */
  static parse(cursor: string): JournalPosition | undefined {
    const parsed = parseCursor(cursor);
    return parsed === undefined ? undefined : JournalPosition.of(parsed);
  }

  get source(): string {
    return journaldSourceName;
  }

  /** A journal is one shard. */
  get shard(): string {
    return '';
  }

  get realtimeUs(): number {
    return this.#realtimeHigh * half + (this.#realtimeLow >>> 0);
  }

  get monotonicUs(): number {
    return this.#monotonicHigh * half + (this.#monotonicLow >>> 0);
  }

  get receivedUs(): number {
    return this.realtimeUs;
  }

  cursor(): string {
    return formatCursor(this.parsed());
  }

  id(): string {
    const { bootId, monotonicUs, realtimeUs } = this;
    const { hashHigh, hashLow } = entryHash(this);
    return formatJournalId({ bootId, monotonicUs, realtimeUs, hashHigh, hashLow });
  }

  parsed(): JournalCursor {
    const { sequenceId, sequence, bootId } = this;
    return {
      sequenceId,
      sequence,
      bootId,
      monotonicUs: this.monotonicUs.toString(16),
      realtimeUs: this.realtimeUs.toString(16),
      xorHash: formatHash(this),
    };
  }
}
