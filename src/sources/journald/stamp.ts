/** What a journal entry carries of its own besides its fields: its number, its times, what tells it from others. */
export interface EntryStamp {
  /** Number of the entry within its counter; consecutive. */
  readonly sequence: number;
  /** Receive time, in microseconds since the epoch. */
  readonly realtimeUs: number;
  /** Microseconds since the boot. */
  readonly monotonicUs: number;
  /** 32 hexadecimal digits. */
  readonly bootId: string;
  /** The xor hash, 64 bits, in two halves of 32 bits, signed or not. */
  readonly hashHigh: number;
  readonly hashLow: number;
}

/** 32 bits as hexadecimal digits. */
const hex = (bits: number): string => (bits >>> 0).toString(16);

/** The xor hash as in a cursor: hexadecimal, without leading zeros. */
export const formatHash = ({ hashHigh, hashLow }: EntryStamp): string =>
  hashHigh === 0 ? hex(hashLow) : hex(hashHigh) + hex(hashLow).padStart(8, '0');

/** Halves of at most 16 hexadecimal digits. */
export const parseHash = (digits: string): Pick<EntryStamp, 'hashHigh' | 'hashLow'> => {
  const padded = digits.padStart(16, '0');
  return { hashHigh: Number.parseInt(padded.slice(0, 8), 16) | 0, hashLow: Number.parseInt(padded.slice(8), 16) | 0 };
};
