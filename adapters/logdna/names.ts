import { maxNameLength } from './limits.ts';

/** Cuts between characters: half of a pair is none. */
const cut = (text: string): string => text.slice(0, maxNameLength).replace(/[\uD800-\uDBFF]$/, '');

/** A name as Mezmo takes it: one line, no control characters, at most 80 characters. */
export const toName = (text: string): string =>
  cut(
    text
      .slice(0, 4 * maxNameLength)
      .toWellFormed()
      .replaceAll(/[\p{C}\s]+/gu, ' ')
      .trim(),
  );

/** A host name as @logdna/logger demands it, after RFC 1123; '' when nothing of `text` is left. */
export const toHostname = (text: string): string =>
  text
    .slice(0, 4 * maxNameLength)
    .replaceAll(/[^A-Za-z0-9.-]+/g, '-')
    .replaceAll(/[.-]*\.[.-]*/g, '.')
    .replace(/^[.-]+/, '')
    .slice(0, maxNameLength)
    .replace(/[.-]+$/, '');
