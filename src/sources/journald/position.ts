import type { RecordPosition } from '#sdk';
import { formatJournalId } from '../../event/event-id.ts';
import { entryHash } from './entry-hash.ts';
import { cursorTimeUs, type JournalCursor, parseCursor } from './cursor.ts';

/** The one source that reads the systemd journal. */
export const journaldSourceName = 'journald';

/** Of a journal entry, only what tells where it stands: its fields may be gone long before its position is. */
export class JournalPosition implements RecordPosition {
  readonly source = journaldSourceName;
  /** A journal is one shard. */
  readonly shard = '';
  readonly receivedUs: number;
  /** Number of the entry within `sequenceId`; consecutive. */
  readonly sequence: number;
  readonly #cursor: string;

  constructor(cursor: string, parsed: JournalCursor) {
    this.#cursor = cursor;
    this.receivedUs = cursorTimeUs(parsed);
    this.sequence = parsed.sequence;
  }

  /** Undefined when `cursor` is not a complete journal cursor. */
  static parse(cursor: string): JournalPosition | undefined {
    const parsed = parseCursor(cursor);
    return parsed === undefined ? undefined : new JournalPosition(cursor, parsed);
  }

  cursor(): string {
    return this.#cursor;
  }

  /** The counter that `sequence` belongs to. */
  get sequenceId(): string {
    return this.#cursor.slice(2, 34);
  }

  id(): string {
    const parsed = this.parsed();
    return formatJournalId({ ...parsed, xorHash: entryHash(parsed.xorHash, parsed.sequence) });
  }

  parsed(): JournalCursor {
    const parsed = parseCursor(this.#cursor);
    if (parsed === undefined) throw new TypeError(`not a journal cursor: ${this.#cursor}`);
    return parsed;
  }
}
