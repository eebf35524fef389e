import type { Outcome } from '../event/outcome.ts';
import type { RecordPosition } from '../event/record.ts';
import type { ServiceLoss } from '../sdk/feed.ts';
import { type LaneAccount, noLosses } from '../sdk/lane-account.ts';
import type { RecordEncoder } from './record-encoder.ts';
import { recordHash } from './record-hash.ts';

const pending = 0;
const settled = 1;
/** Not this lane's, or track's, at all: it holds no mark back, and after a restart it is looked at anew. */
const left = 2;
const unknownHash = -1;

/**
 * Settles the records of one shard in any order and knows the low-water mark: the ordinal below which all is settled.
 *
 * Ordinals rise by one per record taken, over all feeds that the lane ever reads, so that moving to another feed changes
 * nothing here. Memory: one slot per record between the low-water mark and the newest taken.
 */
export class Settlement {
  readonly #account: LaneAccount;
  #mask = 1023;
  #codes = new Uint8Array(1024);
  #positions: (RecordPosition | undefined)[] = Array.from({ length: 1024 });
  #services: string[] = Array.from({ length: 1024 }, () => '');
  /** Hashes of records that were saved as settled above the mark, as most are several times. */
  #hashes = new Float64Array(1024);
  #lowWater = 0;
  #next = 0;
  #pending = 0;
  #safe: RecordPosition | undefined;
  /** What records in flight tell to be missing; few do. */
  readonly #losses = new Map<number, readonly ServiceLoss[]>();

  constructor(account: LaneAccount) {
    this.#account = account;
  }

  /** The ordinal that the next record taken gets. */
  get next(): number {
    return this.#next;
  }

  /** Every record below this ordinal is settled. */
  get lowWater(): number {
    return this.#lowWater;
  }

  /** Records taken and not settled. */
  get pending(): number {
    return this.#pending;
  }

  /** Records from the low-water mark to the newest taken, settled or not: what memory is held for. */
  get span(): number {
    return this.#next - this.#lowWater;
  }

  /** Where the oldest record that is not settled stands; undefined when all is settled. */
  get oldestUnsettled(): RecordPosition | undefined {
    return this.span === 0 ? undefined : this.#positions[this.#lowWater & this.#mask];
  }

  /** The newest record taken, settled or not; undefined before the first. */
  get newest(): RecordPosition | undefined {
    return this.span === 0 ? this.#safe : this.#positions[(this.#next - 1) & this.#mask];
  }

  /** Position of a record between the low-water mark and the newest taken. */
  positionAt(ordinal: number): RecordPosition | undefined {
    return ordinal < this.#lowWater || ordinal >= this.#next ? undefined : this.#positions[ordinal & this.#mask];
  }

  /** Whose line a record in flight was when it was read. */
  serviceAt(ordinal: number): string {
    return this.#services[ordinal & this.#mask] ?? '';
  }

  /** Where the records from the low-water mark to the newest taken stand, in order. */
  positionsInFlight(): readonly RecordPosition[] {
    return Array.from({ length: this.span }, (_, index) => this.positionAt(this.#lowWater + index) ?? []).flat();
  }

  /** True for a record that was taken and is not settled. */
  isPending(ordinal: number): boolean {
    return ordinal >= this.#lowWater && ordinal < this.#next && this.#codes[ordinal & this.#mask] === pending;
  }

  /** Takes the next record: it is pending from now on. Returns its ordinal. */
  take(position: RecordPosition, service: string, losses: readonly ServiceLoss[] = noLosses): number {
    const ordinal = this.#append(position, service);
    this.#pending += 1;
    if (losses.length > 0) this.#losses.set(ordinal, losses);
    this.#account.read(service, losses);
    return ordinal;
  }

  /** Takes a record that an earlier run settled and counted. */
  skip(position: RecordPosition): void {
    const ordinal = this.#append(position, '');
    this.#codes[ordinal & this.#mask] = settled;
    if (ordinal === this.#lowWater) this.#advance();
  }

  /**
   * Settles one record; `service` is whose event it became.
   *
   * @throws {RangeError} when the record is not pending: settling twice would falsify the ledger.
   */
  settle(ordinal: number, service: string, outcome: Outcome): void {
    this.setAside(ordinal);
    this.#account.settled(service, outcome);
  }

  /** Lets another settle a record that was taken here. */
  setAside(ordinal: number): void {
    const slot = this.#pass(ordinal, settled);
    this.#account.passed(this.#services[slot] ?? '', this.#losses.get(ordinal) ?? noLosses);
    this.#losses.delete(ordinal);
    if (ordinal === this.#lowWater) this.#advance();
  }

  /** Passes over a record that is not to be settled by whoever takes here. */
  leave(ordinal: number): void {
    this.#pass(ordinal, left);
    this.#losses.delete(ordinal);
    if (ordinal === this.#lowWater) this.#advance();
  }

  /** The newest record below which all is settled: where to go on. Undefined until one is. */
  get safe(): RecordPosition | undefined {
    return this.#safe;
  }

  /**
   * Works out what {@link Settlement.encodeSettledAbove} needs, for so many records at the most: a hash is a hundred times as
   * dear as writing it, and nobody is to wait for 100,000 of them at once.
   *
   * @returns for how many it was to be done.
   */
  hashSettledAbove(most: number): number {
    let done = 0;
    for (let ordinal = this.#lowWater; ordinal < this.#next && done < most; ordinal += 1) {
      const slot = ordinal & this.#mask;
      const position = this.#positions[slot];
      if (this.#codes[slot] !== settled || position === undefined || this.#hashes[slot] !== unknownHash) continue;
      this.#hashes[slot] = recordHash(position);
      done += 1;
    }
    return done;
  }

  /** Adds the records that are settled although older ones are not. */
  encodeSettledAbove(encoder: RecordEncoder): void {
    for (let ordinal = this.#lowWater; ordinal < this.#next; ordinal += 1) {
      const slot = ordinal & this.#mask;
      const position = this.#positions[slot];
      if (this.#codes[slot] !== settled || position === undefined) continue;
      if (this.#hashes[slot] === unknownHash) this.#hashes[slot] = recordHash(position);
      encoder.add(position.receivedUs, this.#hashes[slot] ?? 0);
    }
  }

  #pass(ordinal: number, code: number): number {
    const slot = ordinal & this.#mask;
    if (!this.isPending(ordinal)) {
      throw new RangeError(`record ${ordinal} is not pending (low-water mark ${this.#lowWater}, next ${this.#next})`);
    }
    this.#codes[slot] = code;
    this.#pending -= 1;
    return slot;
  }

  #append(position: RecordPosition, service: string): number {
    if (this.span > this.#mask) this.#grow();
    const ordinal = this.#next++;
    const slot = ordinal & this.#mask;
    this.#codes[slot] = pending;
    this.#positions[slot] = position;
    this.#services[slot] = service;
    this.#hashes[slot] = unknownHash;
    return ordinal;
  }

  #advance(): void {
    while (this.#lowWater < this.#next) {
      const slot = this.#lowWater & this.#mask;
      if (this.#codes[slot] === pending) break;
      this.#safe = this.#positions[slot];
      this.#positions[slot] = undefined;
      this.#lowWater += 1;
    }
  }

  #grow(): void {
    const size = (this.#mask + 1) * 2;
    const codes = new Uint8Array(size);
    const positions: (RecordPosition | undefined)[] = Array.from({ length: size });
    const services: string[] = Array.from({ length: size }, () => '');
    const hashes = new Float64Array(size);
    for (let ordinal = this.#lowWater; ordinal < this.#next; ordinal += 1) {
      const from = ordinal & this.#mask;
      const to = ordinal & (size - 1);
      codes[to] = this.#codes[from] ?? pending;
      positions[to] = this.#positions[from];
      services[to] = this.#services[from] ?? '';
      hashes[to] = this.#hashes[from] ?? unknownHash;
    }
    this.#mask = size - 1;
    this.#codes = codes;
    this.#positions = positions;
    this.#services = services;
    this.#hashes = hashes;
  }
}
