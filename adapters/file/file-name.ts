import { createHash } from 'node:crypto';

/** Most bytes of a name we make: Linux takes 255 (NAME_MAX), a rotated file's name is up to 29 longer. */
const maxNameBytes = 220;

const rotatedPattern = /\.(\d{8}T\d{6}\.\d{3}Z)(\.gz(?:\.partial)?)?$/;

const plainName = /^\w[\w.@+-]{0,199}$/;

const unsafeCharacters = /[/\p{Cc}]/gu;

/** Cuts a name that is too long, keeping its ending, so that different names stay different. */
const shorten = (name: string, ending: string): string => {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  const tail = `-${hash}${ending}`;
  let head = name.slice(0, maxNameBytes);
  while (Buffer.byteLength(head + tail) > maxNameBytes) head = head.slice(0, -1);
  return head.toWellFormed() + tail;
};

/**
 * Makes a file name of text that came from log lines: one name, never a path, never `.` or `..`, never mistaken for a
 * rotated file. `ending` is the fixed end of the name, kept when the rest is cut.
 */
export const safeFileName = (text: string, ending: string): string => {
  if (plainName.test(text) && !rotatedPattern.test(text)) return text;
  let name = text.toWellFormed().replaceAll(unsafeCharacters, '_');
  if (/^\.{0,2}$/.test(name)) name = `_${name}`;
  if (Buffer.byteLength(name) > maxNameBytes) name = shorten(name, ending);
  return rotatedPattern.test(name) ? `${name}_` : name;
};

/** `web.ndjson` rotated at a time is `web.ndjson.20261122T115900.123Z`: sorts by age, in UTC. */
export const rotatedSuffix = (timeMs: number): string => `.${new Date(timeMs).toISOString().replaceAll(/[-:]/g, '')}`;

/** What a rotated file's name says; undefined for any other name. */
export interface RotatedName {
  /** The name of the file it was. */
  readonly base: string;
  /** When it was rotated; sorts as text. */
  readonly stamp: string;
  readonly state: 'plain' | 'gzip' | 'partial';
}

export const parseRotatedName = (name: string): RotatedName | undefined => {
  const match = rotatedPattern.exec(name);
  if (match === null) return undefined;
  const [, stamp = '', ending] = match;
  const state = ending === undefined ? 'plain' : ending === '.gz' ? 'gzip' : 'partial';
  return { base: name.slice(0, match.index), stamp, state };
};
