/**
 * What drives a terminal or lies about the order of text: controls (C0, DEL, C1), line separators, and the bidirectional
 * overrides of Unicode Standard Annex 9.
 */
const dangerous = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gv;

const spell = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** One line of text that a terminal shows and does not obey: what services answer and containers are called is hostile. */
export const printable = (text: string): string => text.toWellFormed().replaceAll(dangerous, spell);
