import type { RecordPosition } from '#sdk';
import { formatJournalId } from '../../event/event-id.ts';
import { cursorTimeUs, formatCursor, type JournalCursor, parseCursor } from './cursor.ts';
import { entryHash } from './entry-hash.ts';
import { type EntryStamp, formatHash, parseHash } from './stamp.ts';

/** The one source that reads the systemd journal. */
export const journaldSourceName = 'journald';

/**
 * Of a journal entry, only what tells where it stands: its fields may be gone long before its position is. Cursor and id
 * are formatted when they are asked for, which few entries ever are.
 */
export class JournalPosition implements RecordPosition {
  /** The counter that `sequence` belongs to. */
  readonly sequenceId: string;
  readonly stamp: EntryStamp;

  constructor(sequenceId: string, stamp: EntryStamp) {
    this.sequenceId = sequenceId;
    this.stamp = stamp;
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

  get receivedUs(): number {
    return this.stamp.realtimeUs;
  }

  /** Number of the entry within `sequenceId`; consecutive. */
  get sequence(): number {
    return this.stamp.sequence;
  }

  cursor(): string {
    return formatCursor(this.parsed());
  }

  id(): string {
    const parsed = this.parsed();
    return formatJournalId({ ...parsed, xorHash: entryHash(parsed.xorHash, parsed.sequence) });
  }

  parsed(): JournalCursor {
    const { stamp, sequenceId } = this;
    return {
      sequenceId,
      sequence: stamp.sequence,
      bootId: stamp.bootId,
      monotonicUs: stamp.monotonicUs.toString(16),
      realtimeUs: stamp.realtimeUs.toString(16),
      xorHash: formatHash(stamp),
    };
  }
}
