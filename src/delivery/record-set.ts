import { RecordEncoder } from './record-encoder.ts';
import { recordHash, recordHashBytes, type RecordIdentity } from './record-hash.ts';

/**
 * Which records, by identity. Whatever the source lost or shows anew between two readings, another record is not taken for
 * one of these.
 */
export class RecordSet {
  /** Hashes by time of receipt. */
  readonly #hashes = new Map<number, number[]>();
  #size = 0;
  #newestUs = 0;

  static of(positions: Iterable<RecordIdentity>): RecordSet {
    const set = new RecordSet();
    for (const position of positions) set.add(position);
    return set;
  }

  /**
   * Reads what {@link RecordEncoder} wrote.
   *
   * @throws {RangeError} when it is not whole.
   */
  static decode(text: string): RecordSet {
    const bytes = Buffer.from(text, 'base64');
    const set = new RecordSet();
    let receivedUs = 0;
    for (let at = 0; at < bytes.length; at += recordHashBytes) {
      let distance = 0;
      let byte = 128;
      for (let factor = 1; byte >= 128; factor *= 128) {
        byte = bytes.readUInt8(at++);
        distance += (byte % 128) * factor;
      }
      receivedUs += distance % 2 === 1 ? -(distance + 1) / 2 : distance / 2;
      set.#add(receivedUs, bytes.readUIntLE(at, recordHashBytes));
    }
    return set;
  }

  get size(): number {
    return this.#size;
  }

  /** Time of receipt of the newest record that was ever added, in microseconds. */
  get newestUs(): number {
    return this.#newestUs;
  }

  /** Of the oldest record that is in it; undefined when none is. */
  get oldestUs(): number | undefined {
    let oldest: number | undefined;
    for (const receivedUs of this.#hashes.keys()) oldest = Math.min(oldest ?? receivedUs, receivedUs);
    return oldest;
  }

  has(position: RecordIdentity): boolean {
    return this.#hashes.get(position.receivedUs)?.includes(recordHash(position)) ?? false;
  }

  add(position: RecordIdentity): void {
    this.#add(position.receivedUs, recordHash(position));
  }

  /** Takes a record out; false when it is not in the set. */
  delete(position: RecordIdentity): boolean {
    const hashes = this.#hashes.get(position.receivedUs);
    const index = hashes?.indexOf(recordHash(position)) ?? -1;
    if (hashes === undefined || index === -1) return false;
    hashes.splice(index, 1);
    if (hashes.length === 0) this.#hashes.delete(position.receivedUs);
    this.#size -= 1;
    return true;
  }

  clone(): RecordSet {
    const copy = new RecordSet();
    for (const [receivedUs, hashes] of this.#hashes) for (const hash of hashes) copy.#add(receivedUs, hash);
    return copy;
  }

  clear(): void {
    this.#hashes.clear();
    this.#size = 0;
  }

  encodeTo(encoder: RecordEncoder): void {
    for (const [receivedUs, hashes] of this.#hashes) for (const hash of hashes) encoder.add(receivedUs, hash);
  }

  /** What {@link RecordSet.decode} reads. */
  encode(): string {
    const encoder = new RecordEncoder();
    this.encodeTo(encoder);
    return encoder.finish();
  }

  #add(receivedUs: number, hash: number): void {
    const hashes = this.#hashes.get(receivedUs);
    if (hashes === undefined) this.#hashes.set(receivedUs, [hash]);
    else hashes.push(hash);
    this.#size += 1;
    this.#newestUs = Math.max(this.#newestUs, receivedUs);
  }
}
