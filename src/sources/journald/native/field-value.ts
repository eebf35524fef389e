import { isUtf8 } from 'node:buffer';
import { characterStart } from '../cut-message.ts';

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

const replacement = '\ufffd';

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
