import { mkdir, open, rm, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory, writeFileAtomically } from '../platform/atomic-file.ts';
import { messageOf } from '../platform/error.ts';
import type { Refusal } from './dead-letter.ts';
import { parseLetterId } from './letter-id.ts';
import type { StoredLetter } from './letter-line.ts';
import type { LetterPlace } from './read-letters.ts';
import { asRecord, formatHead, formatSegment, listSegments, readSegment, segmentPath } from './segment.ts';

/** A letter's line and its id. */
export interface LetterLine {
  readonly number: number;
  readonly text: string;
  /** UTF-8 bytes of it as a record. */
  readonly bytes: number;
}

/** What becomes of a stored letter: it goes, or it was refused again. */
export type LetterEdit = 'remove' | (Refusal & { readonly refusedAtMs: number });

interface Segment {
  readonly first: number;
  bytes: number;
  letters: number;
}

/** What opening found amiss. */
export interface Damage {
  readonly path: string;
  /** Lines that can't be read any more. */
  readonly lines: number;
  /** True when its last line was cut short by a kill; it is taken away. */
  readonly isTorn: boolean;
}

/** What became of letters that were to be written. */
export interface Appended {
  /** Old letters that made room for them. */
  expired: number;
  missed: number;
  /** Why some were missed; undefined when none were. */
  problem: string | undefined;
}

/** The oldest part that goes at once when there is no more room. */
const segmentsPerLog = 8;
/** A segment is read and rewritten as a whole. */
const largestSegmentBytes = 4 * 1024 * 1024;

const numberOf = (id: string): number => parseLetterId(id) ?? 0;

/** The letters of a segment as edited, and how many were. */
const applyEdits = (letters: readonly StoredLetter[], edits: ReadonlyMap<string, LetterEdit>) => ({
  kept: letters.flatMap((letter) => {
    const edit = edits.get(letter.id);
    if (edit === 'remove') return [];
    return [edit === undefined ? letter : { ...letter, ...edit }];
  }),
  edited: letters.filter(({ id }) => edits.has(id)).length,
});

/**
 * A destination's letters as files of a bounded size together: appended to the newest, rewritten as a whole where letters
 * go, and the oldest removed when there is no room. One owner per directory, one call at a time.
 */
export class SegmentLog {
  readonly #place: LetterPlace;
  readonly #maxBytes: number;
  readonly #segmentBytes: number;
  /** Oldest first; the last one is written to. */
  #segments: Segment[] = [];
  #file: FileHandle | undefined;
  #hasNewFile = false;
  #next = 1;

  /** @param maxBytes of all files together. */
  constructor(place: LetterPlace, maxBytes: number) {
    this.#place = place;
    this.#maxBytes = maxBytes;
    this.#segmentBytes = Math.min(Math.floor(maxBytes / segmentsPerLog), largestSegmentBytes);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get letters(): number {
    return this.#segments.reduce((sum, { letters }) => sum + letters, 0);
  }

  /** A number that no letter had before. */
  takeNumber(): number {
    return this.#next++;
  }

  /**
   * Looks at what is there. Before anything else.
   *
   * @throws {NewerLettersError} when a later version wrote it; nothing was changed then.
   */
  async open(): Promise<readonly Damage[]> {
    const damages: Damage[] = [];
    const torn = new Map<string, number>();
    for (const first of await listSegments(this.#place.directory)) {
      const path = this.#pathOf({ first });
      const content = await readSegment(path);
      if (content === undefined) continue;
      const { next, letters, damagedLines: lines, wholeBytes, bytes } = content;
      const isTorn = wholeBytes < bytes;
      if (lines > 0 || isTorn) damages.push({ path, lines, isTorn });
      if (isTorn) torn.set(path, wholeBytes);
      this.#segments.push({ first, bytes: wholeBytes, letters: letters.length });
      this.#next = Math.max(this.#next, first, next, ...letters.slice(-1).map(({ id }) => numberOf(id) + 1));
    }
    for (const [path, wholeBytes] of torn) await truncate(path, wholeBytes);
    return damages;
  }

  /** Writes letters, in parts that each fit a segment, and makes room for them. What can't be written is told, not thrown. */
  async append(lines: readonly LetterLine[]): Promise<Appended> {
    const appended: Appended = { expired: 0, missed: 0, problem: undefined };
    let [chunk, bytes]: [LetterLine[], number] = [[], 0];
    for (const line of lines) {
      chunk.push(line);
      bytes += line.bytes;
      if ((this.#segments.at(-1)?.bytes ?? 0) + bytes < this.#segmentBytes) continue;
      await this.#appendChunk(chunk, appended);
      [chunk, bytes] = [[], 0];
    }
    await this.#appendChunk(chunk, appended);
    return appended;
  }

  /**
   * Changes stored letters or takes them away.
   *
   * @returns how many there were; what is gone already is passed over.
   * @throws what the file system says; each segment is as before or as it should be then.
   */
  async edit(edits: ReadonlyMap<string, LetterEdit>): Promise<number> {
    const numbers = [...edits.keys()].map(numberOf);
    let edited = 0;
    for (const [index, segment] of this.#segments.entries()) {
      const end = this.#segments[index + 1]?.first ?? Number.POSITIVE_INFINITY;
      if (numbers.some((number) => number >= segment.first && number < end))
        edited += await this.#editSegment(segment, edits);
    }
    await this.#forgetEmpty();
    return edited;
  }

  /** Makes what was written survive a power loss. */
  async sync(): Promise<void> {
    await this.#file?.sync();
    if (!this.#hasNewFile) return;
    const { directory } = this.#place;
    await syncDirectory(directory);
    await syncDirectory(dirname(directory));
    this.#hasNewFile = false;
  }

  /** Ends writing until the next {@link SegmentLog.append}. May be called twice. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  #pathOf({ first }: Pick<Segment, 'first'>): string {
    return segmentPath(this.#place.directory, first);
  }

  async #appendChunk(lines: readonly LetterLine[], appended: Appended): Promise<void> {
    const [first] = lines;
    if (first === undefined) return;
    try {
      appended.expired += await this.#write(await this.#segmentFor(first), lines);
    } catch (error) {
      appended.missed += lines.length;
      appended.problem = messageOf(error);
    }
  }

  async #write(segment: Segment, lines: readonly LetterLine[]): Promise<number> {
    const head = segment.bytes === 0 ? formatHead(this.#place.destination, segment.first) : '';
    const text = head + lines.map((one) => asRecord(one.text)).join('');
    const bytes = Buffer.byteLength(text);
    const expired = await this.#makeRoom(bytes);
    await this.#appendText(segment, text);
    segment.bytes += bytes;
    segment.letters += lines.length;
    return expired;
  }

  /** The newest segment, or a new one when that is full. */
  async #segmentFor({ number }: LetterLine): Promise<Segment> {
    const newest = this.#segments.at(-1);
    if (newest !== undefined && newest.bytes < this.#segmentBytes) return newest;
    try {
      await this.#file?.sync();
    } finally {
      await this.close();
    }
    const segment = { first: number, bytes: 0, letters: 0 };
    this.#segments.push(segment);
    return segment;
  }

  /** Of a write that failed nothing stays, as far as the disk lets us. */
  async #appendText(segment: Segment, text: string): Promise<void> {
    const file = await this.#openNewest(segment);
    try {
      await file.appendFile(text);
    } catch (error) {
      this.#file = undefined;
      await file.truncate(segment.bytes).catch(() => undefined);
      await file.close().catch(() => undefined);
      throw error;
    }
  }

  async #openNewest(segment: Segment): Promise<FileHandle> {
    if (this.#file !== undefined) return this.#file;
    await mkdir(this.#place.directory, { recursive: true, mode: 0o700 });
    const file = await open(this.#pathOf(segment), 'a', 0o600);
    this.#file = file;
    this.#hasNewFile ||= segment.bytes === 0;
    return file;
  }

  async #makeRoom(bytes: number): Promise<number> {
    let expired = 0;
    for (const segment of this.#segments.slice(0, -1)) {
      if (this.bytes + bytes <= this.#maxBytes) break;
      await rm(this.#pathOf(segment), { force: true });
      this.#segments.shift();
      expired += segment.letters;
    }
    return expired;
  }

  async #editSegment(segment: Segment, edits: ReadonlyMap<string, LetterEdit>): Promise<number> {
    const path = this.#pathOf(segment);
    const content = await readSegment(path);
    const { kept, edited } = applyEdits(content?.letters ?? [], edits);
    if (edited === 0) return 0;
    if (segment === this.#segments.at(-1)) await this.close();
    const text = formatSegment(this.#place.destination, this.#next, kept);
    await writeFileAtomically(path, text);
    segment.bytes = Buffer.byteLength(text);
    segment.letters = kept.length;
    return edited;
  }

  /** The newest segment stays: it knows which ids were given. */
  async #forgetEmpty(): Promise<void> {
    for (const segment of this.#segments.slice(0, -1)) {
      if (segment.letters > 0) continue;
      await rm(this.#pathOf(segment), { force: true });
      this.#segments = this.#segments.filter((other) => other !== segment);
    }
  }
}
