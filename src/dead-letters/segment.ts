import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { codeOf } from '../platform/error.ts';
import { formatCheckedLine, parseCheckedLine } from './checked-line.ts';
import { formatLetterId, parseLetterId } from './letter-id.ts';
import { formatStoredLetter, storedLetterSchema, type StoredLetter } from './letter-line.ts';

/** The format that this version writes. Each later one keeps a reader for the one before. */
const segmentFormat = 1;

const headSchema = z.object({ segment: z.object({ format: z.number() }) });
const headSchemaV1 = z.object({
  segment: z.strictObject({ format: z.literal(segmentFormat), destination: z.string(), next: z.string() }),
});
const letterSchema = z.object({ letter: storedLetterSchema });

/** The letters were written by a later sluice: they must not be changed, and can't be read. */
export class NewerLettersError extends Error {
  override readonly name = 'NewerLettersError';
}

/** What a segment's file holds. */
export interface SegmentContent {
  /** Least id that was not given yet when it was written, as a number; 0 when its first line is damaged. */
  readonly next: number;
  readonly letters: readonly StoredLetter[];
  /** Lines of which a byte is not as it was written. Each costs itself alone. */
  readonly damagedLines: number;
  /** Where its last whole line ends; less than `bytes` when a write was cut short. */
  readonly wholeBytes: number;
  readonly bytes: number;
}

const suffix = '.ndjson';
const lineBreak = 0x0a;

/** Segments are named by their first id as a number, so that names sort as they were written. */
export const segmentPath = (directory: string, first: number): string =>
  join(directory, `${String(first).padStart(16, '0')}${suffix}`);

/** First ids of all segments in a directory, rising. None when there is no such directory. */
export const listSegments = async (directory: string): Promise<readonly number[]> => {
  const names = await readdir(directory).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /^\d{16}\.ndjson$/.test(name))
    .map((name) => Number(name.slice(0, -suffix.length)))
    .toSorted((one, other) => one - other);
};

/** The first line of a segment. */
export const formatHead = (destination: string, next: number): string =>
  `${formatCheckedLine('segment', { format: segmentFormat, destination, next: formatLetterId(next) })}\n`;

/** A letter's line begins with a line break of its own, so that what was damaged before it can't take it along. */
export const asRecord = (line: string): string => `\n${line}\n`;

/** A whole segment. */
export const formatSegment = (destination: string, next: number, letters: readonly StoredLetter[]): string =>
  formatHead(destination, next) + letters.map((letter) => asRecord(formatStoredLetter(letter))).join('');

function* linesOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length;) {
    const end = content.indexOf(lineBreak, start);
    if (end === -1) return;
    if (end > start) yield content.subarray(start, end);
    start = end + 1;
  }
}

const readHead = (value: unknown, path: string): number | undefined => {
  const head = headSchema.safeParse(value);
  if (!head.success) return undefined;
  const { format } = head.data.segment;
  if (format > segmentFormat) {
    throw new NewerLettersError(`${path} has format ${format}; this version reads up to ${segmentFormat}`);
  }
  const parsed = headSchemaV1.safeParse(value);
  return parsed.success ? parseLetterId(parsed.data.segment.next) : undefined;
};

const parseSegment = (content: Buffer, path: string): SegmentContent => {
  const letters: StoredLetter[] = [];
  let [next, damagedLines] = [0, 0];
  for (const line of linesOf(content)) {
    const value = parseCheckedLine(line);
    const letter = letterSchema.safeParse(value);
    const head = letter.success ? undefined : readHead(value, path);
    if (letter.success) letters.push(letter.data.letter);
    else if (head === undefined) damagedLines += 1;
    else next = head;
  }
  return { next, letters, damagedLines, wholeBytes: content.lastIndexOf(lineBreak) + 1, bytes: content.length };
};

/**
 * Reads a segment; undefined when it is gone.
 *
 * @throws {NewerLettersError} when a later version wrote it.
 * @throws what the file system says (EACCES, ...).
 */
export const readSegment = async (path: string): Promise<SegmentContent | undefined> => {
  try {
    return parseSegment(await readFile(path), path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};
