import { type JournalEntry, type JournalValue, valuesOf } from './fields.ts';

/** A value cut to `maxBytes`, and what was cut off. */
export interface CutValue {
  readonly value: JournalValue;
  readonly droppedBytes: number;
}

/** The start of the character that `bytes[end]` belongs to, so that no character is cut in two. */
export const characterStart = (bytes: Uint8Array, end: number): number => {
  let start = end;
  while (start > 0 && start > end - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
};

const cutText = (text: string, maxBytes: number): CutValue => {
  const bytes = Buffer.from(text);
  const end = characterStart(bytes, maxBytes);
  return { value: bytes.toString('utf8', 0, end), droppedBytes: bytes.length - end };
};

const cutValue = (value: JournalValue, maxBytes: number): CutValue => {
  const size = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  if (size <= maxBytes) return { value, droppedBytes: 0 };
  if (typeof value === 'string') return cutText(value, maxBytes);
  return { value: value.slice(0, maxBytes), droppedBytes: size - maxBytes };
};

/** A character has at most three bytes for each of its UTF-16 units. */
const isSurelyShort = (message: unknown, maxBytes: number): boolean =>
  message === undefined || (typeof message === 'string' && message.length * 3 <= maxBytes);

/** Keeps `maxBytes` of an entry's message, of each of its values if it has several; lists of numbers become bytes. */
export const cutMessage = (
  entry: JournalEntry,
  maxBytes: number,
): { readonly entry: JournalEntry; readonly truncatedBytes: number } => {
  const message = entry['MESSAGE'];
  if (isSurelyShort(message, maxBytes)) return { entry, truncatedBytes: 0 };
  const cuts = valuesOf(message).map((value) => cutValue(value, maxBytes));
  const truncatedBytes = cuts.reduce((total, cut) => total + cut.droppedBytes, 0);
  // A number in a list takes eight bytes.
  if (truncatedBytes === 0 && typeof message === 'string') return { entry, truncatedBytes };
  return { entry: { ...entry, MESSAGE: cuts.map((cut) => cut.value) }, truncatedBytes };
};
