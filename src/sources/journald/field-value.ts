import { isUtf8 } from 'node:buffer';

/** One value of a field of an entry. */
export interface FieldValue {
  readonly name: string;
  readonly text: string;
  /** The value's own bytes where they are not valid UTF-8. */
  readonly invalid: Uint8Array | undefined;
  /** Size as stored, decompressed. */
  readonly bytes: number;
  /** What was cut off. */
  readonly droppedBytes: number;
}

/** Of a field other than the message; all of those that sluice knows are far shorter. */
export const maxFieldBytes = 262_144;

const replacement = '\ufffd';

/** The start of the character that `bytes[end]` belongs to, so that no character is cut in two. */
const characterStart = (bytes: Uint8Array, end: number): number => {
  let start = end;
  while (start > 0 && start > end - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
};

/**
 * Decodes a value, cut to `maxBytes`, at once: the bytes are free for others afterwards.
 *
 * @param end of what is there of the value, which may be less than `totalBytes` of it
 */
export const decodeValue = (
  name: string,
  bytes: Buffer,
  start: number,
  end: number,
  totalBytes: number,
  maxBytes: number,
): FieldValue => {
  const keptEnd = totalBytes <= maxBytes ? end : characterStart(bytes, Math.min(start + maxBytes, end));
  const text = bytes.toString('utf8', start, keptEnd);
  const isSuspect = text.includes(replacement) && !isUtf8(bytes.subarray(start, keptEnd));
  return {
    name,
    text,
    invalid: isSuspect ? Buffer.from(bytes.subarray(start, keptEnd)) : undefined,
    bytes: totalBytes,
    droppedBytes: totalBytes - (keptEnd - start),
  };
};
