import { crc32 } from 'node:zlib';

/** Before the checksum, and between it and what it is over. */
const start = '{"crc":"';
const middle = '",';
const checksumLength = 8;
const contentAt = start.length + checksumLength + middle.length;

const checksumOf = (content: string | Uint8Array): string => crc32(content).toString(16).padStart(checksumLength, '0');

/** One line of JSON, an object with the member `name` and, before it, the CRC-32 of all that follows. */
export const formatCheckedLine = (name: string, value: unknown): string => {
  const content = `${JSON.stringify(name)}:${JSON.stringify(value)}}`;
  return `${start}${checksumOf(content)}${middle}${content}`;
};

/** The object of a line that {@link formatCheckedLine} made, with its `crc`; undefined when a byte of it is another. */
export const parseCheckedLine = (line: Buffer): unknown => {
  const head = line.toString('latin1', 0, contentAt);
  if (head !== `${start}${checksumOf(line.subarray(contentAt))}${middle}`) return undefined;
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
};
