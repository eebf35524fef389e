import type { LogEvent } from '../event/event.ts';
import { textMemory } from '../event/text-memory.ts';

// Constants are measured on Node 26: what the heap holds after a collection, a few thousand events of each kind
// (`memory-estimate.test.ts` measures them again).

/** Objects of an event: position, fields, event, verdict, item. */
const objectsBytes = 1024;
/** The fields as parsed, and what was made of them: the line, and what it looks like encoded. */
const copies = 2;
/** What is no text is kept as bytes and as base64, and both are in what is encoded, two bytes for each character. */
const invalidCopies = 4;
/** Shorter lines are not worth a look at their characters. */
const shortLength = 512;
/** Of a longer line no encoding is kept for others: each lane makes, and counts, its own. */
export const longestKeptLength = 65_536;

/** The line takes two bytes for each character where one is beyond Latin-1, and so does what was parsed of it. */
const longEventMemory = ({ bytes, raw, parsedBytes = 0 }: LogEvent): number => {
  const utf8Bytes = Buffer.byteLength(raw);
  const text = textMemory(raw, utf8Bytes);
  const otherBytes = Math.max(0, bytes - utf8Bytes);
  const kept = raw.length > longestKeptLength ? text : copies * text;
  const widened = parsedBytes > 0 ? text - raw.length : 0;
  return objectsBytes + copies * otherBytes + kept + parsedBytes + widened;
};

/** Memory that an event costs while it is held, in bytes, as estimated. Budgets count with it. */
export const eventMemory = (event: LogEvent): number => {
  const invalidBytes = invalidCopies * (event.info.raw?.length ?? 0);
  return event.raw.length > shortLength
    ? longEventMemory(event) + invalidBytes
    : objectsBytes + copies * event.bytes + (event.parsedBytes ?? 0) + invalidBytes;
};
