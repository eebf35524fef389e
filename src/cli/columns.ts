/** Characters that a terminal shows in two columns (Unicode Standard Annex 11, W and F), as far as names have them. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\u{20000}-\u{3fffd}]/v;
/** Characters that take no column of their own. */
const joined = /[\p{M}\p{Cf}]/v;

const widthOf = (character: string): number => {
  if (joined.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
};

/** How many columns a text takes on a terminal. */
export const displayWidth = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + widthOf(character), 0);

/** The text, or as much of it as fits with an ellipsis. */
export const truncate = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used >= width) break;
    kept += character;
  }
  return width > 0 ? `${kept}…` : '';
};

/** Exactly `width` columns, text to the left. */
export const padRight = (text: string, width: number): string => {
  const fitted = truncate(text, width);
  return fitted + ' '.repeat(Math.max(0, width - displayWidth(fitted)));
};

/** Exactly `width` columns, text to the right, as figures stand. */
export const padLeft = (text: string, width: number): string => {
  const fitted = truncate(text, width);
  return ' '.repeat(Math.max(0, width - displayWidth(fitted))) + fitted;
};

/** Lines of at most `width` columns, broken between words; a longer word is cut. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((each) => truncate(each, width));
};
