import { LongLine } from './long-line.ts';

/** A line without its end; a long one already taken apart. */
export type JournalLine =
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number }
  | { readonly kind: 'long'; readonly line: LongLine };

const lineEnd = 0x0a;
/** What an entry's fields besides its message may well take. */
const fieldAllowanceBytes = 262_144;

/**
 * Cuts journalctl's output into lines. Pieces arrive cut anywhere, also within a character, so bytes are put together
 * first and decoded after. Of a line that is too long to be kept, {@link LongLine} keeps what is wanted.
 */
export class LineSplitter {
  readonly #maxMessageBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #long: LongLine | undefined;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** The lines that end within `chunk`. What an end of the stream cuts off is never one. */
  push(chunk: Buffer): readonly JournalLine[] {
    const lines: JournalLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, start)) {
      lines.push(this.#finish(chunk, start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  #finish(chunk: Buffer, start: number, end: number): JournalLine {
    if (this.#pendingBytes === 0 && this.#long === undefined) {
      return { kind: 'text', text: chunk.toString('utf8', start, end), bytes: end - start };
    }
    this.#keep(chunk.subarray(start, end));
    const line: JournalLine =
      this.#long === undefined
        ? { kind: 'text', text: Buffer.concat(this.#pending).toString('utf8'), bytes: this.#pendingBytes }
        : { kind: 'long', line: this.#long };
    this.#forget();
    this.#long = undefined;
    return line;
  }

  #keep(piece: Buffer): void {
    if (this.#long !== undefined) {
      this.#long.push(piece);
      return;
    }
    this.#pending.push(piece);
    this.#pendingBytes += piece.length;
    if (this.#pendingBytes <= this.#maxMessageBytes + fieldAllowanceBytes) return;
    this.#long = new LongLine(this.#maxMessageBytes);
    for (const pending of this.#pending) this.#long.push(pending);
    this.#forget();
  }

  #forget(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}
