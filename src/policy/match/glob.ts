/** Tells whether the whole of a text fits. */
export type TextTest = (text: string) => boolean;

/** UTF-16 units of the character at `index`. */
const widthAt = (text: string, index: number): number => ((text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1);

/** `*` only: each piece is searched once, from the end of the one before it. */
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

/** With `?`: on a mismatch only the latest `*` takes one character more, which suffices, so that nothing is tried twice. */
const compileCharacters = (pattern: string): TextTest => {
  const characters = Array.from(pattern);
  return (text) => {
    let at = 0;
    let next = 0;
    let star = -1;
    let starEnd = 0;
    while (at < text.length) {
      const wanted = characters[next];
      const width = widthAt(text, at);
      if (wanted === '*') {
        star = next;
        starEnd = at;
        next += 1;
      } else if (wanted === '?' || (wanted !== undefined && text.startsWith(wanted, at) && wanted.length === width)) {
        next += 1;
        at += width;
      } else if (star === -1) {
        return false;
      } else {
        next = star + 1;
        starEnd += widthAt(text, starEnd);
        at = starEnd;
      }
    }
    while (characters[next] === '*') next += 1;
    return next === characters.length;
  };
};

/**
 * Compiles a glob: `*` stands for any text, also none, `?` for one character, all else for itself, case included. The
 * time is linear in the text, whatever the text is.
 */
export const compileGlob = (pattern: string): TextTest => {
  if (pattern.includes('?')) return compileCharacters(pattern);
  if (pattern.includes('*')) return compilePieces(pattern);
  return (text) => text === pattern;
};
