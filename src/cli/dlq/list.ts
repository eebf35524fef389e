import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { formatCount } from '../figures.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { countLetters } from './count-letters.ts';
import { lettersIn, withLetterFiles, type LetterFilter } from './letter-files.ts';
import { letterHead, safeJson } from './letter-json.ts';
import { letterRow, tabulateLetters, type LetterRow } from './letter-table.ts';

export interface ListOptions {
  readonly filter: LetterFilter;
  /** Show this many, the newest; undefined: as many as the form of the output wants. */
  readonly lines: number | undefined;
  readonly output: 'text' | 'json';
}

/** What fits a few screens. */
const defaultLines = 100;

interface Listed {
  readonly total: number;
  readonly reasons: ReadonlyMap<string, number>;
}

const count = async (letters: AsyncIterable<DeadLetter>, visit: (letter: DeadLetter) => void): Promise<Listed> => {
  const reasons = new Map<string, number>();
  let total = 0;
  for await (const letter of letters) {
    total += 1;
    reasons.set(letter.reason, (reasons.get(letter.reason) ?? 0) + 1);
    visit(letter);
  }
  return { total, reasons };
};

const summarize = ({ total, reasons }: Listed, shown: number): string => {
  const counted = [...reasons].map(([reason, letters]) => `${reason} ${formatCount(letters)}`).join(', ');
  const newest = shown < total ? `; the newest ${formatCount(shown)} are shown` : '';
  return total === 0 ? 'no dead letters' : `${countLetters(total)}: ${counted}${newest}`;
};

/** Keeps the last `most` of what it is given. */
const keepLast = <Item>(most: number) => {
  let items: Item[] = [];
  return {
    add: (item: Item): void => {
      items.push(item);
      if (items.length > 2 * most) items = items.slice(-most);
    },
    all: (): readonly Item[] => (most === 0 ? [] : items.slice(-most)),
  };
};

/** `sluice dlq list`: one line for each letter, the oldest first. */
export const listLetters = async (
  state: string,
  { filter, lines, output }: ListOptions,
  terminal: Terminal,
): Promise<ExitCode> =>
  await withLetterFiles(state, terminal, async () => {
    const letters = lettersIn(state, filter, terminal);
    if (output === 'json' && lines === undefined) {
      await count(letters, (letter) => terminal.out(`${safeJson(letterHead(letter))}\n`));
      return exitCode.ok;
    }
    const last = keepLast<{ readonly json: string; readonly row: LetterRow }>(lines ?? defaultLines);
    const listed = await count(letters, (letter) =>
      last.add({ json: safeJson(letterHead(letter)), row: letterRow(letter) }),
    );
    const shown = last.all();
    if (output === 'json') for (const { json } of shown) terminal.out(`${json}\n`);
    else {
      const rows = shown.map(({ row }) => row);
      if (rows.length > 0) terminal.out(`${tabulateLetters(rows, terminal.columns).join('\n')}\n`);
      terminal.err(`${summarize(listed, shown.length)}\n`);
    }
    return exitCode.ok;
  });
