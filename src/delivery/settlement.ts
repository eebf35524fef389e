import { outcomes, type Outcome } from '../event/outcome.ts';
import type { RecordPosition } from '../event/record.ts';
import type { LaneAccount } from '../sdk/lane-account.ts';

const pending = 0;
/** Settled before a restart and counted then: neither read nor settled again. */
const skipped = 255;
const codeOf = new Map<Outcome, number>(outcomes.map((outcome, index) => [outcome, index + 1]));

/** A join of which some records lie below the low-water mark and others above, all settled. */
export interface Straddle {
  readonly joinKey: string;
  /** Identity of the join's last settled record: a resumed reader skips the stream's records up to it. */
  readonly lastId: string;
}

interface SettledJoin extends Straddle {
  readonly ordinals: readonly number[];
}

/** What is safe to save of one shard. */
export interface SettledPrefix {
  /** The newest record below which all is settled; undefined until one is. */
  readonly position: RecordPosition | undefined;
  readonly straddles: readonly Straddle[];
}

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
  #readServices: string[] = Array.from({ length: 1024 }, () => '');
  #settledServices: string[] = Array.from({ length: 1024 }, () => '');
  #lowWater = 0;
  #next = 0;
  #pending = 0;
  #safe: RecordPosition | undefined;
  /** Settled joins that begin above the low-water mark, by their first ordinal. */
  readonly #joinsAbove = new Map<number, SettledJoin>();
  /** Settled joins that lie across the low-water mark: no more than were open there. */
  #straddling: SettledJoin[] = [];

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
    return this.#readServices[ordinal & this.#mask] ?? '';
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
  take(position: RecordPosition, service: string): number {
    const ordinal = this.#append(position, service);
    this.#pending += 1;
    this.#account.read(service);
    return ordinal;
  }

  /** Takes a record that an earlier run of this lane settled and counted. */
  skip(position: RecordPosition): void {
    this.#codes[this.#append(position, '') & this.#mask] = skipped;
    this.#advance();
  }

  /**
   * Settles one record; `service` is whose event it became.
   *
   * @throws {RangeError} when the record is not pending: settling twice would falsify the ledger.
   */
  settle(ordinal: number, service: string, outcome: Outcome): void {
    this.#mark(ordinal, service, outcome);
    if (ordinal === this.#lowWater) this.#advance();
  }

  /** Settles all records of a joined event at once. */
  settleJoin(ordinals: readonly number[], joinKey: string, service: string, outcome: Outcome): void {
    for (const ordinal of ordinals) this.#mark(ordinal, service, outcome);
    const [first = -1] = ordinals;
    const lastId = this.positionAt(ordinals.at(-1) ?? -1)?.id();
    if (lastId !== undefined) this.#joinsAbove.set(first, { ordinals, joinKey, lastId });
    if (first === this.#lowWater) this.#advance();
  }

  /** Commits all that is settled below the low-water mark and tells what may be saved. */
  prefix(): SettledPrefix {
    return { position: this.#safe, straddles: this.#straddling.map(({ joinKey, lastId }) => ({ joinKey, lastId })) };
  }

  #append(position: RecordPosition, service: string): number {
    if (this.span > this.#mask) this.#grow();
    const ordinal = this.#next++;
    const slot = ordinal & this.#mask;
    this.#codes[slot] = pending;
    this.#positions[slot] = position;
    this.#readServices[slot] = service;
    return ordinal;
  }

  #mark(ordinal: number, service: string, outcome: Outcome): void {
    const slot = ordinal & this.#mask;
    if (ordinal < this.#lowWater || ordinal >= this.#next || this.#codes[slot] !== pending) {
      throw new RangeError(`record ${ordinal} is not pending (low-water mark ${this.#lowWater}, next ${this.#next})`);
    }
    this.#codes[slot] = codeOf.get(outcome) ?? skipped;
    this.#settledServices[slot] = service;
    this.#pending -= 1;
    this.#account.settled(service, outcome);
  }

  #advance(): void {
    while (this.#lowWater < this.#next) {
      const slot = this.#lowWater & this.#mask;
      const code = this.#codes[slot] ?? pending;
      if (code === pending) break;
      if (code !== skipped) this.#commit(slot, code);
      this.#safe = this.#positions[slot];
      this.#positions[slot] = undefined;
      if (this.#joinsAbove.size > 0) this.#passJoin(this.#lowWater);
      this.#lowWater += 1;
    }
    if (this.#straddling.length === 0) return;
    this.#straddling = this.#straddling.filter(({ ordinals }) => (ordinals.at(-1) ?? 0) >= this.#lowWater);
  }

  /** A join of which the mark passes the first record is saved as a straddle, so all its records count as committed. */
  #passJoin(first: number): void {
    const join = this.#joinsAbove.get(first);
    if (join === undefined) return;
    this.#joinsAbove.delete(first);
    this.#straddling.push(join);
    for (const ordinal of join.ordinals.slice(1)) {
      const slot = ordinal & this.#mask;
      this.#commit(slot, this.#codes[slot] ?? pending);
      this.#codes[slot] = skipped;
    }
  }

  #commit(slot: number, code: number): void {
    const outcome = outcomes[code - 1];
    if (outcome === undefined) return;
    this.#account.commitRead(this.#readServices[slot] ?? '');
    this.#account.commitSettled(this.#settledServices[slot] ?? '', outcome);
  }

  #grow(): void {
    const size = (this.#mask + 1) * 2;
    const codes = new Uint8Array(size);
    const positions: (RecordPosition | undefined)[] = Array.from({ length: size });
    const readServices: string[] = Array.from({ length: size }, () => '');
    const settledServices: string[] = Array.from({ length: size }, () => '');
    for (let ordinal = this.#lowWater; ordinal < this.#next; ordinal += 1) {
      const from = ordinal & this.#mask;
      const to = ordinal & (size - 1);
      codes[to] = this.#codes[from] ?? pending;
      positions[to] = this.#positions[from];
      readServices[to] = this.#readServices[from] ?? '';
      settledServices[to] = this.#settledServices[from] ?? '';
    }
    this.#mask = size - 1;
    this.#codes = codes;
    this.#positions = positions;
    this.#readServices = readServices;
    this.#settledServices = settledServices;
  }
}
