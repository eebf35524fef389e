/** What a journal entry is the same by, wherever it is read: hexadecimal, as in a journal cursor. */
export interface JournalIdentity {
  /** 32 digits. */
  readonly bootId: string;
  /** At most 14 digits. */
  readonly monotonicUs: string;
  /** At most 14 digits: time of receipt. */
  readonly realtimeUs: string;
  /** At most 16 digits: what tells apart the entries of one boot and time. */
  readonly xorHash: string;
}

/** Names the layout below; another layout takes another character. */
const version = '1';
/** In ASCII order, so that ids sort as the bytes do. Index: the six bits. */
const alphabet = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
/** Version + 38 bytes, six bits to a character, the last one padded with zeros. */
export const journalIdLength = 52;

const digitValue = (code: number): number => (code <= 57 ? code - 48 : code - 87);

/**
 * The id of a journal entry: `1` and 51 characters that hold receive time (7 bytes), monotonic time (7), boot id (16) and
 * hash (8), big endian. Fixed width; ids sort by receive time. Stored and sent: never change what it gives, add a version.
 */
export const formatJournalId = (identity: JournalIdentity): string => {
  const hex =
    identity.realtimeUs.padStart(14, '0') +
    identity.monotonicUs.padStart(14, '0') +
    identity.bootId +
    identity.xorHash.padStart(16, '0') +
    '00';
  let id = version;
  for (let at = 0; id.length < journalIdLength; at += 3) {
    const bits =
      (digitValue(hex.charCodeAt(at)) << 8) |
      (digitValue(hex.charCodeAt(at + 1)) << 4) |
      digitValue(hex.charCodeAt(at + 2));
    id += alphabet.charAt(bits >> 6);
    if (id.length < journalIdLength) id += alphabet.charAt(bits & 63);
  }
  return id;
};
