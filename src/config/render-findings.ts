import { bold, cyan, paint, red } from './paint.ts';
import { withoutControls } from './without-controls.ts';
import type { Finding } from './finding.ts';

const widestExcerpt = 160;
const widestPath = 120;

/** The stretch of a long line that has the column in it, and by how much that moved the column. */
const clip = (line: string, column: number): { readonly text: string; readonly shift: number } => {
  const start = column > widestExcerpt ? column - 40 : 0;
  return { text: line.slice(start, start + widestExcerpt), shift: start };
};

const renderExcerpt = ({ line, column, width, excerpt, suggestion }: Finding, color: boolean): readonly string[] => {
  if (line === undefined || column === undefined || excerpt === undefined) {
    return suggestion === undefined ? [] : [`  ${paint(cyan, suggestion, color)}`];
  }
  const { text, shift } = clip(withoutControls(excerpt), column);
  const gutter = String(line).padStart(5);
  const carets = '^'.repeat(Math.max(1, Math.min(width, text.length - (column - shift) + 1)));
  const hint = suggestion === undefined ? '' : ` ${withoutControls(suggestion)}`;
  return [
    `${gutter} | ${text}`,
    `${' '.repeat(5)} | ${' '.repeat(column - shift - 1)}${paint(cyan, carets + hint, color)}`,
  ];
};

const renderFinding = (finding: Finding, color: boolean): string => {
  const { file, line, column, severity, path, message } = finding;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const subject = path === '' ? '' : `${path.length > widestPath ? `${path.slice(0, widestPath)}...` : path}: `;
  const head = `${paint(bold, `${withoutControls(place)}:`, color)} ${paint(red, `${severity}:`, color)} ${withoutControls(subject + message)}`;
  return [head, ...renderExcerpt(finding, color)].join('\n');
};

/** Findings for people: place, what is wrong, the line with a caret, what to do. Ends without a line break. */
export const renderFindings = (
  findings: readonly Finding[],
  { color = false }: { readonly color?: boolean } = {},
): string => findings.map((finding) => renderFinding(finding, color)).join('\n\n');
