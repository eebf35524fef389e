import { RE2JS } from 're2js';

/** Tells whether a text fits. */
export type TextTest = (text: string) => boolean;

/** `*` only, the common case: each piece is searched once, from the end of the one before it. */
const compilePieces = (pattern: string): TextTest => {
  const [first = '', ...middle] = pattern.split('*');
  const last = middle.pop() ?? '';
  return (text) => {
    if (!text.startsWith(first)) return false;
    let end = first.length;
    for (const piece of middle) {
      const found = text.indexOf(piece, end);
      if (found === -1) return false;
      end = found + piece.length;
    }
    return text.length - last.length >= end && text.endsWith(last);
  };
};

const expressionOf = (piece: string): string => {
  if (piece === '*') return '.*';
  return piece === '?' ? '.' : RE2JS.quote(piece);
};

const compileExpression = (pattern: string): TextTest => {
  const expression = pattern
    .split(/([*?])/)
    .map(expressionOf)
    .join('');
  const compiled = RE2JS.compile(expression, RE2JS.DOTALL);
  return (text) => compiled.testExact(text);
};

/**
 * Compiles a glob for the whole of a text: `*` stands for any text, also none, `?` for one character, all else for
 * itself, case included. The time is linear in the text, whatever the text is.
 */
export const compileGlob = (pattern: string): TextTest => {
  if (pattern.includes('?')) return compileExpression(pattern);
  if (pattern.includes('*')) return compilePieces(pattern);
  return (text) => text === pattern;
};
