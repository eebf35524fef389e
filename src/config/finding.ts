import { formatPath, type KeyPath } from './config-node.ts';
import { positionOf, type Place } from './place.ts';

/**
 * What a finding means for `run`: a `missing` secret or variable of a destination denies that destination alone, all
 * else keeps the agent from starting. For `validate` every error is one.
 */
export type FindingKind = 'file' | 'syntax' | 'schema' | 'missing';

/** One thing that is wrong with the configuration. Holds no secret: `excerpt` and `message` are masked. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** From 1; undefined when it concerns the file as a whole. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** How many columns it covers on its line; at least 1. */
  readonly width: number;
  /** `destinations.loggly.token`; empty where there is none. */
  readonly path: string;
  readonly message: string;
  /** What to do: `did you mean "encoding"?`. */
  readonly suggestion: string | undefined;
  /** The source line, secrets masked. */
  readonly excerpt: string | undefined;
}

/** A finding before its file's secrets are known and masked. */
export interface Complaint {
  readonly kind: FindingKind;
  readonly place: Place;
  readonly path: KeyPath;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

/** A finding about a file as a whole: it can't be read, or there is none. */
export const fileFinding = (file: string, message: string, suggestion?: string): Finding => ({
  kind: 'file',
  severity: 'error',
  file,
  line: undefined,
  column: undefined,
  width: 1,
  path: '',
  message,
  suggestion,
  excerpt: undefined,
});

const longestName = 64;

/** A name out of a file, short enough for a sentence. */
export const nameInQuotes = (name: string): string =>
  name.length > longestName ? `"${name.slice(0, longestName)}..."` : `"${name}"`;

/** A finding with its line, taken from `maskedText`: the file's text with its secrets masked, length kept. */
export const findingOf = (complaint: Complaint, maskedText: string): Finding => {
  const { file, start, end } = complaint.place;
  const { line, column } = positionOf(file, start);
  const excerpt = (maskedText.split('\n')[line - 1] ?? '').trimEnd();
  const lineEnd = start - column + 1 + excerpt.length;
  return {
    kind: complaint.kind,
    severity: 'error',
    file: file.path,
    line,
    column,
    width: Math.max(1, Math.min(end, lineEnd) - start),
    path: formatPath(complaint.path),
    message: complaint.message,
    suggestion: complaint.suggestion,
    excerpt,
  };
};
