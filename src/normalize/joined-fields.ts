import { isUtf8 } from 'node:buffer';
import type { RecordFields } from '../event/record.ts';

/** A piece of a message: text, or bytes where it is not valid UTF-8, as when a character was cut in two. */
export type MessagePiece = string | Uint8Array;

export const messagePieceOf = (fields: RecordFields): MessagePiece =>
  fields.invalidBytes('MESSAGE') ?? fields.get('MESSAGE') ?? '';

export const bytesOf = (piece: MessagePiece): number =>
  typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;

/** The fields of a line's first record with the whole line as MESSAGE. */
export class JoinedFields implements RecordFields {
  readonly #first: RecordFields;
  readonly #message: string;
  readonly #invalidBytes: Uint8Array | undefined;

  constructor(first: RecordFields, pieces: readonly MessagePiece[]) {
    this.#first = first;
    if (pieces.every((piece) => typeof piece === 'string')) {
      this.#message = pieces.join('');
    } else {
      const bytes = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
      this.#message = bytes.toString('utf8');
      if (!isUtf8(bytes)) this.#invalidBytes = bytes;
    }
  }

  get common(): object | undefined {
    return this.#first.common;
  }

  get(name: string): string | undefined {
    return name === 'MESSAGE' ? this.#message : this.#first.get(name);
  }

  repeats(name: string): boolean {
    return name !== 'MESSAGE' && this.#first.repeats(name);
  }

  all(name: string): readonly string[] {
    return name === 'MESSAGE' ? [this.#message] : this.#first.all(name);
  }

  invalidBytes(name: string): Uint8Array | undefined {
    return name === 'MESSAGE' ? this.#invalidBytes : this.#first.invalidBytes(name);
  }
}
