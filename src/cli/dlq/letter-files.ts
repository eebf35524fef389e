import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { letterPlace, type LetterQuery, readLetters } from '../../dead-letters/read-letters.ts';
import { NewerLettersError } from '../../dead-letters/segment.ts';
import { codeOf, messageOf } from '../../platform/error.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';

/** Which letters are meant. */
export interface LetterFilter {
  /** Undefined: those of all destinations that have any. */
  readonly destination: string | undefined;
  readonly query: LetterQuery;
}

/** Destinations that have dead letters, or had, in the order of their names. */
const destinationsIn = async (state: string): Promise<readonly string[]> => {
  try {
    return (await readdir(join(state, 'dead-letters'))).toSorted();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
};

/** Letters on disk, whether an agent runs or not: destination by destination, oldest first. */
export async function* lettersIn(
  state: string,
  { destination, query }: LetterFilter,
  terminal: Terminal,
): AsyncGenerator<DeadLetter> {
  const names = destination === undefined ? await destinationsIn(state) : [destination];
  const onDamage = (path: string, lines: number): void =>
    terminal.err(`sluice: ${path}: ${lines} damaged ${lines === 1 ? 'line is' : 'lines are'} left out\n`);
  for (const name of names) yield* readLetters(letterPlace(state, name), query, onDamage);
}

/** Lets a command read letters; what is in its way is said, and is the exit code. */
export const withLetterFiles = async (
  state: string,
  terminal: Terminal,
  read: () => Promise<ExitCode>,
): Promise<ExitCode> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NewerLettersError) {
      terminal.err(`sluice: dead letters of a newer sluice: ${error.message}. Use that version\n`);
      return exitCode.inputOutput;
    }
    const code = codeOf(error);
    if (code === undefined) throw error;
    const isForbidden = code === 'EACCES' || code === 'EPERM';
    const remedy = isForbidden ? '; ask as root, or as the user that the agent runs as' : '';
    terminal.err(`sluice: dead letters under ${state} can't be read: ${messageOf(error)}${remedy}\n`);
    return isForbidden ? exitCode.permission : exitCode.inputOutput;
  }
};
