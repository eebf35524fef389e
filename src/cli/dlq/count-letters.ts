import { formatCount } from '../figures.ts';

/** `1 dead letter`, `1,234 dead letters`. */
export const countLetters = (letters: number): string =>
  `${formatCount(letters)} dead ${letters === 1 ? 'letter' : 'letters'}`;
