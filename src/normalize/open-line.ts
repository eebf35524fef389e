import type { LogRecord } from '../event/record.ts';
import { bytesOf, JoinedFields, messagePieceOf, type MessagePiece } from './joined-fields.ts';
import type { Piece } from './piece.ts';

/** A line put together of the records that it was cut into. */
export interface Joined {
  /** Position and fields of the first record, MESSAGE and sizes of all. */
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

  /** Size of its records as read. */
  get bytes(): number {
    return this.#bytes;
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
    this.#pieces.push(message);
    this.#sequences.push(sequence);
    this.#nextOrdinal = piece.ordinal === 0 ? 0 : piece.ordinal + 1;
    this.#lastUs = record.position.receivedUs;
    this.#messageBytes += bytesOf(message);
    this.#bytes += record.bytes;
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
