import type { LogRecord } from '../event/record.ts';
import { textMemory } from '../event/text-memory.ts';
import { bytesOf, JoinedFields, messagePieceOf, type MessagePiece } from './joined-fields.ts';
import type { Piece } from './piece.ts';

/** Objects of an open line and of its first record, which it holds whole. */
const lineObjectsBytes = 1536;
/** A piece's places in lists, and the header of its text. */
const pieceObjectsBytes = 64;

const pieceMemory = (piece: MessagePiece, bytes: number): number =>
  pieceObjectsBytes + (typeof piece === 'string' ? textMemory(piece, bytes) : bytes);

/** A line put together of the records that it was cut into. */
export interface Joined {
  /** Position, fields and size of the first record, with the messages of all. */
  readonly record: LogRecord;
  /** The sequences of its records, rising. */
  readonly sequences: readonly number[];
  /** Key of the stream that it was cut from (`streamKeyOf`). */
  readonly streamKey: string;
  /** False when its beginning or its end is missing. */
  readonly complete: boolean;
}

/** A line of which pieces may still come. */
export class OpenLine {
  readonly streamKey: string;
  readonly #first: LogRecord;
  readonly #line: string;
  readonly #startsWhole: boolean;
  readonly #pieces: MessagePiece[] = [];
  readonly #sequences: number[] = [];
  #nextOrdinal: number;
  #lastUs = 0;
  #messageBytes = 0;
  #bytes = 0;
  #memoryBytes = lineObjectsBytes;
  #truncatedBytes = 0;
  #ended = false;

  constructor(streamKey: string, first: LogRecord, piece: Piece) {
    this.streamKey = streamKey;
    this.#first = first;
    this.#line = piece.line;
    this.#startsWhole = piece.ordinal <= 1;
    this.#nextOrdinal = piece.ordinal;
  }

  /** Journal time of the latest piece, in microseconds since the epoch. */
  get lastUs(): number {
    return this.#lastUs;
  }

  /** Journal time of the first piece. */
  get firstUs(): number {
    return this.#first.position.receivedUs;
  }

  /** Size of what it holds of its records, as read. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Memory of that, in bytes, as estimated. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  get firstSequence(): number {
    return this.#sequences[0] ?? 0;
  }

  /** True when the piece is the next one of this line and fits into `maxMessageBytes` with it. */
  takes(record: LogRecord, piece: Piece, maxMessageBytes: number): boolean {
    if (piece.line !== this.#line || piece.ordinal !== this.#nextOrdinal) return false;
    return this.#messageBytes + bytesOf(messagePieceOf(record.fields)) <= maxMessageBytes;
  }

  append(record: LogRecord, sequence: number, piece: Piece): void {
    const message = messagePieceOf(record.fields);
    const bytes = bytesOf(message);
    // Of later records nothing but the message is held.
    const otherBytes = this.#pieces.length === 0 ? Math.max(0, record.bytes - bytes) : 0;
    this.#pieces.push(message);
    this.#sequences.push(sequence);
    this.#nextOrdinal = piece.ordinal === 0 ? 0 : piece.ordinal + 1;
    this.#lastUs = record.position.receivedUs;
    this.#messageBytes += bytes;
    this.#bytes += otherBytes + bytes;
    this.#memoryBytes += otherBytes + pieceMemory(message, bytes);
    this.#truncatedBytes += record.truncatedBytes;
    this.#ended = piece.last;
  }

  close(): Joined {
    return {
      record: {
        position: this.#first.position,
        fields: new JoinedFields(this.#first.fields, this.#pieces),
        bytes: this.#bytes,
        truncatedBytes: this.#truncatedBytes,
      },
      sequences: this.#sequences,
      streamKey: this.streamKey,
      complete: this.#startsWhole && this.#ended,
    };
  }
}
