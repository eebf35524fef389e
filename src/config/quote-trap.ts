/** An unquoted value that YAML takes for its own syntax. */
export interface QuoteTrap {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** The line as it should be. */
  readonly corrected: string;
}

const meanings: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [/^\{\{/, '"{{" begins a map in YAML'],
  [/^\*/, '"*" begins an alias in YAML'],
  [/^>/, '">" begins a block of text in YAML'],
  [/^!/, '"!" begins a tag in YAML'],
  [/^%/, '"%" begins a directive in YAML'],
  [/^[@`]/, '"@" and "`" are reserved in YAML'],
];
const meaningsInFlow = [...meanings, [/\{\{|\$\{/, '"{" begins a map in YAML'] as const];
const meaningsAfterKey = [...meanings, [/: /, '": " begins a map in YAML'] as const];

/** Begins of values on a line: after a key, a dash, a bracket or a comma. */
const valueStarts = /(?:(?:^|\s)-(?=\s)|:(?=\s)|[[{,])\s*/g;

const valueStartBefore = (line: string, column: number): number => {
  const starts = [...line.matchAll(valueStarts)].map((match) => match.index + match[0].length);
  return starts.findLast((start) => start <= column) ?? indentOf(line);
};

const indentOf = (line: string): number => line.length - line.trimStart().length;

const isInFlow = (before: string): boolean => {
  const plain = before.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '');
  return (plain.match(/[{[]/g) ?? []).length > (plain.match(/[}\]]/g) ?? []).length;
};

/** In a flow collection a value ends at `,`, `}` or `]`, but not inside `{{..}}` or `${..}`; in a block at a comment. */
const flowValue = /^(?:\{\{[^}]*\}\}|\$\{[^}]*\}|[^,\]}])*/;
const blockValue = /^(?:(?!\s#).)*/;

const quote = (value: string): string => (/["\\]/.test(value) ? `'${value.replaceAll("'", "''")}'` : `"${value}"`);

/**
 * Explains what went wrong at `offset` if quotes would have helped.
 *
 * @param shown the same text with its secrets masked, for the corrected line.
 */
export const findQuoteTrap = (text: string, shown: string, offset: number): QuoteTrap | undefined => {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = (text.slice(lineStart).split('\n', 1)[0] ?? '').trimEnd();
  const start = valueStartBefore(line, offset - lineStart);
  const rest = line.slice(start);
  const inFlow = isInFlow(line.slice(0, start));
  const isAfterKey = start > indentOf(line);
  const value = ((inFlow ? flowValue : blockValue).exec(rest)?.[0] ?? '').trimEnd();
  const meaning = (inFlow ? meaningsInFlow : isAfterKey ? meaningsAfterKey : meanings).find(([pattern]) =>
    pattern.test(value),
  )?.[1];
  if (meaning === undefined || /^["']/.test(value)) return undefined;
  const shownLine = shown.slice(lineStart, lineStart + line.length);
  const end = start + value.length;
  return {
    start: lineStart + start,
    end: lineStart + end,
    message: `${meaning}; quote it`,
    corrected: (shownLine.slice(0, start) + quote(shownLine.slice(start, end)) + shownLine.slice(end)).trim(),
  };
};
