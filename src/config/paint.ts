/** Codes of SGR (ECMA-48 section 8.3.117). */
export const bold = 1;
export const red = 31;
export const green = 32;
export const cyan = 36;

/** A text in a colour, where colour is wanted. */
export const paint = (code: number, text: string, color: boolean): string =>
  color ? `\u001B[${String(code)}m${text}\u001B[0m` : text;
