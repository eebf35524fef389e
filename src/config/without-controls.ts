/** Blanks in place of controls. Files are hostile too: no escape of theirs reaches the terminal, and each character takes one column. */
export const withoutControls = (text: string): string =>
  text.replaceAll(/\p{C}/gu, (found) => ' '.repeat(found.length));
