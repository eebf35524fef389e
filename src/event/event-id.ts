/** What a journal entry is the same by, wherever it is read. */
export interface JournalIdentity {
  /** 32 hexadecimal digits. */
  readonly bootId: string;
  /** Microseconds since the boot, below 2^53. */
  readonly monotonicUs: number;
  /** Time of receipt, in microseconds since the epoch, below 2^53. */
  readonly realtimeUs: number;
  /** What tells apart the entries of one boot and time: 64 bits, in two halves of 32 bits, signed or not. */
  readonly hashHigh: number;
  readonly hashLow: number;
}

/** Names the layout below; another layout takes another character. */
const version = '1';
/** In ASCII order, so that ids sort as the bytes do. Index: the six bits. */
const alphabet = Buffer.from('-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz', 'latin1');
/** Version + 38 bytes, six bits to a character, the last one padded with zeros. */
export const journalIdLength = 52;

/** Times are 56 bits wide, taken in halves, since bits are operated on 32 at a time. */
const halfTime = 2 ** 28;

/** The id that was made last: of its boot, 126 bits stay where they are. */
const id = Buffer.alloc(journalIdLength, version, 'latin1');
let bootIdOfLast = '';
let firstBitsOfBoot = 0;

const put = (at: number, bits: number): void => {
  id[at] = alphabet[bits & 63] ?? 0;
};

/** Characters 20 to 40, and the two bits that character 19 shares with the monotonic time. */
const putBoot = (bootId: string): void => {
  bootIdOfLast = bootId;
  const bytes = Buffer.from(bootId, 'hex');
  firstBitsOfBoot = (bytes[0] ?? 0) >>> 6;
  for (let index = 0; index < 21; index += 1) {
    const bit = 2 + 6 * index;
    const pair = ((bytes[bit >>> 3] ?? 0) << 8) | (bytes[(bit >>> 3) + 1] ?? 0);
    put(20 + index, pair >>> (10 - (bit & 7)));
  }
};

/** Characters 1 to 19. */
const putTimes = (realtimeUs: number, monotonicUs: number): void => {
  const realHigh = Math.floor(realtimeUs / halfTime);
  const realLow = realtimeUs % halfTime;
  const monotonicHigh = Math.floor(monotonicUs / halfTime);
  const monotonicLow = monotonicUs % halfTime;
  for (let at = 1; at <= 4; at += 1) put(at, realHigh >>> (28 - 6 * at));
  put(5, (realHigh << 2) | (realLow >>> 26));
  for (let at = 6; at <= 9; at += 1) put(at, realLow >>> (56 - 6 * at));
  put(10, (realLow << 4) | (monotonicHigh >>> 24));
  for (let at = 11; at <= 14; at += 1) put(at, monotonicHigh >>> (84 - 6 * at));
  for (let at = 15; at <= 18; at += 1) put(at, monotonicLow >>> (112 - 6 * at));
  put(19, (monotonicLow << 2) | firstBitsOfBoot);
};

/** Characters 41 to 51. */
const putHash = (high: number, low: number): void => {
  for (let at = 41; at <= 45; at += 1) put(at, high >>> (272 - 6 * at));
  put(46, (high << 4) | (low >>> 28));
  for (let at = 47; at <= 50; at += 1) put(at, low >>> (304 - 6 * at));
  put(51, low << 2);
};

/**
 * The id of a journal entry: `1` and 51 characters that hold receive time (7 bytes), monotonic time (7), boot id (16) and
 * hash (8), big endian. Fixed width; ids sort by receive time. Stored and sent: never change what it gives, add a version.
 */
export const formatJournalId = ({ bootId, monotonicUs, realtimeUs, hashHigh, hashLow }: JournalIdentity): string => {
  if (bootId !== bootIdOfLast) putBoot(bootId);
  putTimes(realtimeUs, monotonicUs);
  putHash(hashHigh, hashLow);
  return id.toString('latin1');
};
