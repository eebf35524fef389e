/** A field of an entry in `journalctl --output=export` (systemd's JOURNAL_EXPORT_FORMATS.md), by places in a chunk. */
export interface ScannedField {
  /** The name is from `start` to `nameEnd`. */
  start: number;
  nameEnd: number;
  /** The value is from `valueStart` to `valueEnd`. */
  valueStart: number;
  valueEnd: number;
  /** Where the next one begins. */
  next: number;
}

/**
 * `ended`: there is none, but the line that ends the entry. `begun`: the next entry begins instead. `cut`: the chunk ends first.
 * `damaged`: this is no field.
 */
export type Scan = 'field' | 'ended' | 'begun' | 'cut' | 'damaged';

/** Of the size of a value that is no printable line, a little-endian integer. */
export const sizeBytes = 8;
/** journald takes no larger ones (DATA_SIZE_MAX, journald-native.c). */
export const largestValueBytes = 768 * 2 ** 20;

const half = 2 ** 32;
export const lineEnd = 0x0a;
const equalsSign = 0x3d;

/** The size that is written at a place of `bytes`. */
export const sizeAt = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * half;

/**
 * Finds the field that begins at `at`. A value of printable characters is a line `NAME=value`; any other is the name, a line
 * break, its size and its bytes.
 *
 * @param text the chunk with a character for each byte.
 * @param into what is found.
 */
export const scanField = (chunk: Buffer, text: string, at: number, into: ScannedField): Scan => {
  if (at >= chunk.length) return 'cut';
  if (chunk[at] === lineEnd) return 'ended';
  const end = text.indexOf('\n', at);
  if (end === -1) return 'cut';
  let nameEnd = at;
  while (nameEnd < end && chunk[nameEnd] !== equalsSign) nameEnd += 1;
  into.start = at;
  into.nameEnd = nameEnd;
  if (nameEnd < end) {
    into.valueStart = nameEnd + 1;
    into.valueEnd = end;
    into.next = end + 1;
    return 'field';
  }
  into.valueStart = end + 1 + sizeBytes;
  if (into.valueStart > chunk.length) return 'cut';
  const size = sizeAt(chunk, end + 1);
  if (size > largestValueBytes) return 'damaged';
  into.valueEnd = into.valueStart + size;
  into.next = into.valueEnd + 1;
  if (into.valueEnd >= chunk.length) return 'cut';
  return chunk[into.valueEnd] === lineEnd ? 'field' : 'damaged';
};
