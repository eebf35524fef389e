const half = 2 ** 32;
const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/**
 * An entry's xor hash mixed with its number: 16 hexadecimal digits. Lines that a service wrote in one go share boot and
 * time, and equal ones share their hash too (seen on systemd 252: `printf 'x\nx\n' | systemd-cat`), so that only the
 * number tells them apart. It repeats after a power loss, but then with another boot and time; a flush from memory to disk
 * keeps it (seen on systemd 252, also into a journal that holds entries).
 *
 * @param xorHash at most 16 hexadecimal digits.
 */
export const entryHash = (xorHash: string, sequence: number): string => {
  const digits = xorHash.padStart(16, '0');
  const high = Number.parseInt(digits.slice(0, 8), 16) ^ Math.floor(sequence / half);
  const low = Number.parseInt(digits.slice(8), 16) ^ (sequence % half);
  return hex(high) + hex(low);
};
