import type { EntryStamp } from './stamp.ts';

const half = 2 ** 32;

/**
 * An entry's xor hash mixed with its number: two halves of 32 bits, signed. Lines that a service wrote in one go share boot
 * and time, and equal ones share their hash too (seen on systemd 252: `printf 'x\nx\n' | systemd-cat`), so that only the
 * number tells them apart. It repeats after a power loss, but then with another boot and time. A flush from memory to disk
 * keeps the number where the journal there is new, but for systemd 254 and 255; and it keeps the hash, but of an entry that
 * has a field twice with the same value, which 252 and 262 write once. What was handed over before it has another id after it,
 * then.
 */
export const entryHash = ({
  hashHigh,
  hashLow,
  sequence,
}: Pick<EntryStamp, 'hashHigh' | 'hashLow' | 'sequence'>): Pick<EntryStamp, 'hashHigh' | 'hashLow'> => ({
  hashHigh: hashHigh ^ Math.floor(sequence / half),
  hashLow: hashLow ^ (sequence % half),
});
