/** The end of a sequence that sets colours and other attributes (ECMA-48 SGR), after its introducer. */
const attributes = /^[\d;:]*m/;

/**
 * What drives a terminal or lies about the order of text: controls (C0 but tab, DEL, C1), line separators, and the
 * bidirectional overrides of Unicode Standard Annex 9.
 */
const dangerous = /[[\p{Cc}--\t]\u2028\u2029\u202a-\u202e\u2066-\u2069]/gv;

const quick = /[^\t\u0020-\u007e\u00a0-\u1fff]/;

const escapeCharacter = (character: string): string => {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
};

/** Colours are what an honest line has of sequences; here they would only hide the level's. */
const withoutAttributes = (text: string): string => {
  const [first = '', ...rest] = text.replaceAll('\u009b', '\u001b[').split('\u001b[');
  return rest.reduce(
    (shown, piece) => shown + (attributes.test(piece) ? piece.replace(attributes, '') : `\u001b[${piece}`),
    first,
  );
};

/** Makes one line of text safe to show: colours of its own are taken out, anything else that a terminal obeys is spelt. */
export const printable = (text: string): string => {
  if (!quick.test(text)) return text;
  return withoutAttributes(text.toWellFormed()).replaceAll(dangerous, escapeCharacter);
};
