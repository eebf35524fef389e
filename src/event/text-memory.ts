/**
 * Memory of a text while it is held, in bytes, at the most: V8 keeps a byte for each character, or two for each where one of
 * them is beyond Latin-1.
 *
 * @param utf8Bytes size of the text in UTF-8; equal to its length where it is all ASCII.
 */
export const textMemory = (text: string, utf8Bytes: number = Buffer.byteLength(text)): number =>
  utf8Bytes === text.length ? text.length : 2 * text.length;
