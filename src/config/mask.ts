import { nearestName } from '../platform/nearest-name.ts';
import type { Place } from './place.ts';

/** A key whose value is a secret, as far as its name can tell. */
const secretName = /token|secret|password|passwd|passphrase|credential|api_?key|private_?key|ingestion_?key|^key$/i;

/** A misspelled key is reported with its line, and its value is no less secret. */
const usualNames = ['token', 'key', 'api_key', 'secret', 'password'];

export const isSecretName = (name: string): boolean =>
  secretName.test(name) || nearestName(name, usualNames) !== undefined;

/** User and password of a URL, even of one that is not quite right. */
const urlCredentials = /(?<=\/\/)[^\s/@"']{1,200}(?=@)/g;

/** Hides user and password of every URL in a text; its length stays. */
export const maskUrlCredentials = (text: string): string =>
  text.replaceAll(urlCredentials, (found) => '*'.repeat(found.length));

/** Everything but white space becomes `*`, so that lines and columns stay where they are; a mere `${NAME}` tells nothing. */
const stars = (text: string): string =>
  text.replaceAll(/\$\{\w{1,64}\}|\S/g, (found) => (found.length === 1 ? '*' : found));

/** A file's text with these places masked. */
export const maskPlaces = (text: string, places: readonly Place[]): string => {
  let masked = text;
  for (const { start, end } of places) {
    masked = masked.slice(0, start) + stars(masked.slice(start, end)) + masked.slice(end);
  }
  return maskUrlCredentials(masked);
};

const keyPattern = /(?:^|[^\w])([A-Za-z][\w-]{0,63})["']?\s{0,8}:(?=\s|$)/g;

/** Where the value of a secret key begins on a line; undefined when the line has none. */
const secretStart = (line: string): number | undefined => {
  for (const match of line.matchAll(keyPattern)) {
    if (isSecretName(match[1] ?? '')) return match.index + match[0].length;
  }
  return undefined;
};

/** What closes a flow map at the end of the line is no part of the value; the brace of a `${NAME}` is. */
const valueEnd = (line: string, start: number): number => {
  let end = line.length;
  while (
    end > start &&
    /[\s,}\]]/.test(line.charAt(end - 1)) &&
    !/\$\{\w{1,64}\}$/.test(line.slice(Math.max(start, end - 70), end))
  ) {
    end -= 1;
  }
  return end;
};

const indentOf = (line: string): number => line.length - line.trimStart().length;

/**
 * A file's text with everything masked that a secret key's name announces: the rest of its line and the lines indented
 * deeper. For files that are not YAML, where no tree can tell more exactly.
 */
export const maskByNames = (text: string): string => {
  let secretIndent = Number.POSITIVE_INFINITY;
  const lines = text.split('\n').map((line) => {
    const blank = line.trim() === '';
    if (!blank && indentOf(line) <= secretIndent) secretIndent = Number.POSITIVE_INFINITY;
    if (secretIndent !== Number.POSITIVE_INFINITY) return stars(line);
    const start = secretStart(line);
    if (start === undefined) return line;
    secretIndent = indentOf(line);
    const end = valueEnd(line, start);
    return line.slice(0, start) + stars(line.slice(start, end)) + line.slice(end);
  });
  return maskUrlCredentials(lines.join('\n'));
};
