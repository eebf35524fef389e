import type { Place } from './place.ts';

/** A key whose value is a secret, as far as its name can tell. */
const secretName = /token|secret|password|passwd|passphrase|credential|api_?key|private_?key|ingestion_?key|^key$/i;

export const isSecretName = (name: string): boolean => secretName.test(name);

/** User and password of an URL. */
const urlCredentials = /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"']{1,200}(?=@)/gi;

/** Hides user and password of every URL in a text; its length stays. */
export const maskUrlCredentials = (text: string): string =>
  text.replaceAll(urlCredentials, (found) => '*'.repeat(found.length));

/** Everything but white space becomes `*`, so that lines and columns stay where they are; a mere `${NAME}` tells nothing. */
const stars = (text: string): string =>
  text.replaceAll(/\$\{\w{1,64}\}|\S/g, (found) => (found.length === 1 ? '*' : found));

/** A file's text with these places masked. */
export const maskPlaces = (text: string, places: readonly Place[]): string => {
  let masked = text;
  for (const { start, end } of places)
    masked = masked.slice(0, start) + stars(masked.slice(start, end)) + masked.slice(end);
  return maskUrlCredentials(masked);
};

const keyPattern = /(?:^|[\s{,"'-])([A-Za-z][\w-]*)["']?\s*:(?=\s|$)/g;

/** Where the value of a secret key begins on a line; undefined when the line has none. */
const secretStart = (line: string): number | undefined => {
  for (const match of line.matchAll(keyPattern)) {
    if (isSecretName(match[1] ?? '')) return match.index + match[0].length;
  }
  return undefined;
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
    const end = start + line.slice(start).replace(/(?<!\$\{\w{1,64})[\s,}\]]*$/, '').length;
    return line.slice(0, start) + stars(line.slice(start, end)) + line.slice(end);
  });
  return maskUrlCredentials(lines.join('\n'));
};
