const newline = 0x0a;
const smallestBytes = 256;
const pieceBits = 15;
/** Of a piece, unless one text needs more. Growing by copying would take milliseconds at a time where megabytes are kept. */
const pieceBytes = 2 ** pieceBits;
type Piece = Buffer<ArrayBuffer>;

/** In place of a piece where a larger one before it goes on. */
const nothing: Piece = Buffer.alloc(0);

/**
 * Texts one behind the other in UTF-8, each followed by a line break. Texts of events that wait are kept so: as strings they
 * are copied twice by the garbage collector, and looked at again and again.
 */
export class TextBuffer {
  /** A text that begins at `start` is in the piece with the index `start >>> pieceBits`, as a whole. */
  #pieces: Piece[];
  #last: Piece;
  /** Where the last piece begins, and how much of it is used: never all, so that what is in a row is in one piece. */
  #base = 0;
  #used = 0;
  #texts = 0;

  constructor() {
    this.#last = Buffer.allocUnsafeSlow(smallestBytes);
    this.#pieces = [this.#last];
  }

  /**
   * Adds a text.
   *
   * @param bytes its length in UTF-8.
   * @returns where it begins.
   */
  append(text: string, bytes: number): number {
    if (this.#used + bytes + 1 >= this.#last.length) this.#makeRoom(bytes + 2);
    const at = this.#used;
    this.#last.write(text, at, bytes, 'utf8');
    this.#last[at + bytes] = newline;
    this.#used = at + bytes + 1;
    this.#texts += 1;
    return this.#base + at;
  }

  /**
   * The text that begins at `start` and is so long.
   *
   * @throws {RangeError} when none is kept any more.
   */
  read(start: number, bytes: number): string {
    const at = start % pieceBytes;
    return this.#pieceOf(start).toString('utf8', at, at + bytes);
  }

  /**
   * Copies texts that are in a row from `start` to `end`, with their line breaks, to `at` of `target`.
   *
   * @throws {RangeError} when no text is kept any more.
   */
  copyTo(target: Buffer, at: number, start: number, end: number): void {
    const from = start % pieceBytes;
    this.#pieceOf(start).copy(target, at, from, from + end - start);
  }

  /**
   * One of its texts is not needed any more. When none is, its memory is free at once, not when it is collected.
   *
   * @throws {RangeError} when all were released before.
   */
  release(): void {
    this.#check();
    this.#texts -= 1;
    if (this.#texts > 0) return;
    for (const piece of this.#pieces) if (piece !== nothing) free(piece);
    this.#pieces = [];
  }

  #pieceOf(start: number): Piece {
    this.#check();
    return this.#pieces[start >>> pieceBits] ?? nothing;
  }

  /** Whoever sends on after his batch was settled would send what is no text, or another's. */
  #check(): void {
    if (this.#texts === 0) throw new RangeError('the texts are not kept any more: their events are done');
  }

  /** The first piece grows, since few batches are large; then there is one more. */
  #makeRoom(bytes: number): void {
    if (this.#base === 0 && this.#used + bytes <= pieceBytes) this.#grow(this.#used + bytes);
    else this.#addPiece(Math.max(bytes, pieceBytes));
  }

  #grow(atLeast: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(pieceBytes, Math.max(2 * this.#last.length, atLeast)));
    this.#last.copy(larger, 0, 0, this.#used);
    free(this.#last);
    this.#last = larger;
    this.#pieces[0] = larger;
  }

  #addPiece(bytes: number): void {
    const slots = Math.ceil(this.#last.length / pieceBytes);
    for (let slot = 1; slot < slots; slot += 1) this.#pieces.push(nothing);
    this.#last = Buffer.allocUnsafeSlow(bytes);
    this.#base += slots * pieceBytes;
    this.#used = 0;
    this.#pieces.push(this.#last);
  }
}

const free = (piece: Piece): void => {
  piece.buffer.transfer(0);
};
