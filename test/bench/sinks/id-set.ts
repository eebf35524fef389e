const firstCapacity = 1 << 12;
/** As far as the table is filled before it is made twice as large. */
const mostFilled = 1 / 2;

/** One round of MurmurHash3 (x86, 32 bits). */
const mix = (hash: number, word: number): number => {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
};

/** Its end: every bit of the input has had its say in every bit of the output. */
const finish = (hash: number): number => {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const most = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return (most ^ (most >>> 16)) >>> 0;
};

/**
 * A set of texts of one length, a multiple of four bytes, that keeps a hash of 64 bits of each and nothing else: that two of
 * a million are taken for one happens once in forty million sets. Neither texts nor hashes are ever objects.
 */
export class IdSet {
  readonly #length: number;
  /** Both words of the hash of the text at hand. */
  #low = 0;
  #high = 0;
  /** Two words a slot, the lower one first; the higher one is 0 where it is free. */
  #table = new Uint32Array(2 * firstCapacity);
  #size = 0;

  /** @param length of each text, in bytes. */
  constructor(length: number) {
    this.#length = length;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds the text that begins at `start`. */
  add(bytes: Uint8Array, start: number): void {
    this.#hash(bytes, start);
    if (!this.#insert(this.#low, this.#high)) return;
    this.#size += 1;
    if (this.#size * 2 > this.#table.length * mostFilled) this.#grow();
  }

  #hash(bytes: Uint8Array, start: number): void {
    let low = 0;
    let high = 0x9e3779b9;
    for (let at = start; at < start + this.#length; at += 4) {
      const pair = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
      const word = pair | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
      low = mix(low, word);
      high = mix(high, word);
    }
    this.#low = finish(low);
    // Never 0, which is a free slot's.
    this.#high = finish(high) || 1;
  }

  /** False when it is there. */
  #insert(low: number, high: number): boolean {
    const table = this.#table;
    const mask = table.length - 1;
    let slot = (low << 1) & mask;
    while (table[slot + 1] !== 0) {
      if (table[slot] === low && table[slot + 1] === high) return false;
      slot = (slot + 2) & mask;
    }
    table[slot] = low;
    table[slot + 1] = high;
    return true;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(2 * old.length);
    for (let slot = 0; slot < old.length; slot += 2) {
      const high = old[slot + 1] ?? 0;
      if (high !== 0) this.#insert(old[slot] ?? 0, high);
    }
  }
}
