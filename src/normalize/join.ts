import type { LogRecord } from '../event/record.ts';
import { OpenLine, type Joined } from './open-line.ts';
import { endPieceOf, pieceOf, type Piece } from './piece.ts';
import { streamKeyOf } from './stream-key.ts';

/** What became of a record. */
export type Accepted =
  /** A line of its own. `closed` come before it. */
  | { readonly kind: 'single'; readonly closed: readonly Joined[] }
  /** A piece of an open line. Where that line had to make room at once, it is itself in `closed`. */
  | { readonly kind: 'held'; readonly closed: readonly Joined[] }
  /** The end of a line, `joined`. */
  | { readonly kind: 'joined'; readonly closed: readonly Joined[]; readonly joined: Joined };

export interface JoinerOptions {
  /** A longer line is closed there and goes on as another one. */
  readonly maxMessageBytes: number;
  /** Lines open at a time; beyond, the oldest is closed. */
  readonly maxOpenLines: number;
  /** Memory of all open lines, in bytes, as estimated; beyond, the oldest is closed. */
  readonly maxOpenBytes: number;
}

/** Pieces of a line come within milliseconds; a container that ended in mid-line never sends the rest. */
export const maxPauseUs = 5 * 1e6;

/** How far the journal may lag behind the clock of its host: measured, it is half a second at most. */
const flushSlackUs = 5 * 1e6;

const nothing: readonly Joined[] = [];
const single: Accepted = { kind: 'single', closed: nothing };
const held: Accepted = { kind: 'held', closed: nothing };

/**
 * Puts lines together that docker (16 KiB), podman or journald (`LineMax`) cut into several records. When a line closes
 * depends on the records alone (their times and sizes), so that reading the journal again gives the same lines. An
 * unnumbered line (journald, old docker) that was cut at exactly its end takes the next line of its stream with it: the
 * records do not tell.
 */
export class Joiner {
  readonly #options: JoinerOptions;
  /** By stream, in the order in which they were opened. */
  readonly #open = new Map<string, OpenLine>();
  #openBytes = 0;
  /** No open line is longer than this; may be more than the truth. */
  #longestBytes = 0;
  /** No open line is older than this; may be earlier than the truth. */
  #oldestLastUs = Infinity;

  constructor(options: JoinerOptions) {
    this.#options = options;
  }

  /** Memory of what is held, in bytes, as estimated. */
  get openBytes(): number {
    return this.#openBytes;
  }

  /** Size of the longest open line, at the most. */
  get longestBytes(): number {
    return this.#longestBytes;
  }

  /** The lowest sequence that is held; undefined when none is. */
  get oldestOpenSequence(): number | undefined {
    for (const line of this.#open.values()) return line.firstSequence;
    return undefined;
  }

  /** Receive time of the first record of the line that has been open for longest; undefined when none is. */
  get oldestOpenUs(): number | undefined {
    for (const line of this.#open.values()) return line.firstUs;
    return undefined;
  }

  /** @param sequence rises from record to record */
  accept(record: LogRecord, sequence: number): Accepted {
    const piece = pieceOf(record);
    if (this.#open.size === 0 && piece === undefined) return single;
    const closed = this.#closeOneSince(record.position.receivedUs - maxPauseUs);
    const streamKey = streamKeyOf(record);
    if (streamKey === undefined) return closed.length === 0 ? single : { kind: 'single', closed };
    return this.#acceptInto(streamKey, record, sequence, piece, closed);
  }

  /**
   * Closes early a line that the next records would close anyway; to be called until there is none. Only for a reader that
   * has read all there is: what it has not read yet may belong to an open line.
   */
  flush(wallNowUs: number): readonly Joined[] {
    return this.#closeOneSince(wallNowUs - maxPauseUs - flushSlackUs);
  }

  #acceptInto(
    streamKey: string,
    record: LogRecord,
    sequence: number,
    piece: Piece | undefined,
    closed: Joined[],
  ): Accepted {
    const open = this.#open.get(streamKey);
    const next = piece ?? endPieceOf(record);
    const isOver = open !== undefined && open.lastUs < record.position.receivedUs - maxPauseUs;
    if (!isOver && open?.takes(record, next, this.#options.maxMessageBytes) === true) {
      return this.#append(open, record, sequence, next, closed);
    }
    if (open !== undefined) closed.push(this.#close(open));
    if (piece === undefined) return { kind: 'single', closed };
    const line = new OpenLine(streamKey, record, piece);
    this.#open.set(streamKey, line);
    this.#openBytes += line.memoryBytes;
    return this.#append(line, record, sequence, piece, closed);
  }

  #append(line: OpenLine, record: LogRecord, sequence: number, piece: Piece, closed: Joined[]): Accepted {
    const before = line.memoryBytes;
    line.append(record, sequence, piece);
    this.#openBytes += line.memoryBytes - before;
    this.#longestBytes = Math.max(this.#longestBytes, line.bytes);
    this.#oldestLastUs = Math.min(this.#oldestLastUs, line.lastUs);
    if (piece.last) return { kind: 'joined', closed, joined: this.#close(line) };
    closed.push(...this.#closeExcess());
    return closed.length === 0 ? held : { kind: 'held', closed };
  }

  /** One record closes one such line of another stream: all at once would be more than there is room for. */
  #closeOneSince(limitUs: number): Joined[] {
    if (this.#open.size === 0 || this.#oldestLastUs >= limitUs) return [];
    let oldest = Infinity;
    for (const line of this.#open.values()) {
      if (line.lastUs < limitUs) return [this.#close(line)];
      oldest = Math.min(oldest, line.lastUs);
    }
    this.#oldestLastUs = oldest;
    return [];
  }

  #closeExcess(): Joined[] {
    const { maxOpenLines, maxOpenBytes } = this.#options;
    const closed: Joined[] = [];
    for (const line of this.#open.values()) {
      if (this.#open.size <= maxOpenLines && this.#openBytes <= maxOpenBytes) break;
      closed.push(this.#close(line));
    }
    return closed;
  }

  #close(line: OpenLine): Joined {
    this.#open.delete(line.streamKey);
    this.#openBytes -= line.memoryBytes;
    if (this.#open.size === 0) this.#longestBytes = 0;
    return line.close();
  }
}
