import { join } from 'node:path';
import { compileGlob } from '../policy/match/glob.ts';
import type { DeadLetter } from './dead-letter.ts';
import { parseLetterId } from './letter-id.ts';
import { reviveLetter, type StoredLetter } from './letter-line.ts';
import { listSegments, readSegment, segmentPath } from './segment.ts';

/** Which letters are asked for: those that meet all that is given. */
export interface LetterQuery {
  readonly ids?: ReadonlySet<string>;
  /** Only those with a higher id. */
  readonly after?: string;
  /** A glob. */
  readonly service?: string;
  readonly reason?: string;
}

/** Where letters are and whose they are. */
export interface LetterPlace {
  /** Need not exist. */
  readonly directory: string;
  readonly destination: string;
}

export const letterPlace = (stateDirectory: string, destination: string): LetterPlace => ({
  directory: join(stateDirectory, 'dead-letters', destination),
  destination,
});

/** An id's number; an id that is none comes before all. */
const numberOf = (id: string): number => parseLetterId(id) ?? 0;

/** Whether a segment with the ids from `first` to before `end` may hold what is asked for. */
const mayHold = ({ ids, after }: LetterQuery, first: number, end: number): boolean => {
  if (after !== undefined && numberOf(after) >= end - 1) return false;
  if (ids === undefined) return true;
  for (const id of ids) if (numberOf(id) >= first && numberOf(id) < end) return true;
  return false;
};

/** Compiles the query once. */
const matcherOf = ({ ids, after, service, reason }: LetterQuery): ((letter: StoredLetter) => boolean) => {
  const isOfService = service === undefined ? undefined : compileGlob(service);
  return (letter) =>
    (ids === undefined || ids.has(letter.id)) &&
    (after === undefined || numberOf(letter.id) > numberOf(after)) &&
    (isOfService === undefined || isOfService(letter.event.service)) &&
    (reason === undefined || letter.reason === reason);
};

/**
 * Reads letters, oldest first, one segment in memory at a time. Needs no running agent, and disturbs none.
 *
 * @param onDamage told of each file with lines that are not as they were written; those are left out.
 * @throws {NewerLettersError} when a later version wrote them.
 * @throws what the file system says (EACCES, ...).
 */
export async function* readLetters(
  { directory, destination }: LetterPlace,
  query: LetterQuery,
  onDamage: (path: string, lines: number) => void,
): AsyncGenerator<DeadLetter> {
  const matches = matcherOf(query);
  const firsts = await listSegments(directory);
  for (const [index, first] of firsts.entries()) {
    if (!mayHold(query, first, firsts[index + 1] ?? Number.POSITIVE_INFINITY)) continue;
    const path = segmentPath(directory, first);
    const content = await readSegment(path);
    if (content === undefined) continue;
    if (content.damagedLines > 0) onDamage(path, content.damagedLines);
    for (const letter of content.letters) if (matches(letter)) yield reviveLetter(letter, destination);
  }
}
