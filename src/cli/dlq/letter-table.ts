import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { printable } from '../../platform/printable.ts';
import { displayWidth, padRight, truncate } from '../columns.ts';
import { formatTime } from '../figures.ts';

/** A letter as a row; its event is not kept. */
export type LetterRow = readonly string[];

const titles: LetterRow = ['ID', 'DESTINATION', 'REFUSED', 'SERVICE', 'REASON', 'TRIES', 'ANSWER'];
/** Names of services come from hostile input. */
const longestCell = 32;

export const letterRow = (letter: DeadLetter): LetterRow => [
  letter.id,
  letter.destination,
  formatTime(letter.refusedAtMs),
  truncate(printable(letter.event.service), longestCell),
  letter.isCut ? `${letter.reason}, cut` : letter.reason,
  String(letter.attempts),
  printable(letter.answer),
];

/** Rows under their titles, cut at `width` columns where there is a terminal. */
export const tabulateLetters = (rows: readonly LetterRow[], width: number | undefined): readonly string[] => {
  const all = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => displayWidth(row[column] ?? ''))));
  return all.map((row) => {
    const line = row
      .map((cell, column) => padRight(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    return width === undefined ? line : truncate(line, width);
  });
};
