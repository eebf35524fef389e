import type { EventRecall } from '../event/event.ts';
import type { RecordPosition } from '../event/record.ts';
import type { Claim } from './claim.ts';
import { type BatchTexts, createBatchTexts, EventDelivery, type LaneEntry, type Settler } from './lane-entry.ts';

/** Columns of a row. */
const ordinal = 0;
const start = 1;
const bytes = 2;
const timeMs = 3;
const restamped = 4;
const lineStart = 5;
const lineBytes = 6;
const width = 7;
const firstRows = 4;

/**
 * The entries of a batch that is not full yet, most of them as rows of numbers: tens of thousands wait for seconds, and as
 * objects the garbage collector would copy each of them, and look at it again and again. They become objects when they are
 * taken.
 */
export class WaitingEntries {
  readonly #key: string;
  readonly #stored: BatchTexts;
  #rows = new Float64Array(firstRows * width);
  readonly #positions: (RecordPosition | undefined)[] = [];
  /** One for all records that the same track took. */
  readonly #claims: Claim[] = [];
  /** What an event is made anew of; an entry that is no row as it is. */
  readonly #origins: (EventRecall | LaneEntry)[] = [];
  /** Of all rows. */
  #settler: Settler | undefined;

  /** @param keepsEvents true: no event is made anew of its line. */
  constructor(key: string, keepsEvents: boolean) {
    this.#key = key;
    this.#stored = createBatchTexts(keepsEvents);
  }

  get length(): number {
    return this.#origins.length;
  }

  add(entry: LaneEntry): void {
    entry.storeIn(this.#stored);
    const { delivery, position } = entry;
    const { origin, claim, settler } = delivery;
    const isRow = entry === delivery && 'remake' in origin && settler.kind === 'main' && claim.records === 1;
    if (isRow) this.#write(delivery);
    this.#origins.push(isRow ? origin : entry);
    this.#positions.push(position);
    const last = this.#claims.at(-1);
    this.#claims.push(last?.progress === claim.progress ? last : claim);
  }

  /** All of them, in order; to be taken once. */
  take(): readonly LaneEntry[] {
    const entries = this.#origins.map((origin, index) => ('remake' in origin ? this.#read(origin, index) : origin));
    this.#forget();
    return entries;
  }

  /**
   * Lists that live for long are old to the garbage collector. It looks at the old ones rarely, and until then keeps whatever
   * young objects they name, dead or not (measured: a fifth of all that grew old over HTTP, 8 % of the processor time).
   */
  #forget(): void {
    this.#positions.fill(undefined);
    this.#rows.buffer.transfer(0);
  }

  #write(delivery: EventDelivery): void {
    this.#settler ??= delivery.settler;
    const at = this.length * width;
    if (at >= this.#rows.length) this.#grow(at + width);
    const rows = this.#rows;
    rows[at + ordinal] = delivery.claim.first;
    rows[at + start] = delivery.start;
    rows[at + bytes] = delivery.bytes;
    rows[at + timeMs] = delivery.timeMs;
    rows[at + restamped] = delivery.isRestamped ? 1 : 0;
    rows[at + lineStart] = delivery.lineStart;
    rows[at + lineBytes] = delivery.lineBytes;
  }

  #read(recall: EventRecall, index: number): EventDelivery {
    const [position, claim, settler] = [this.#positions[index], this.#claims[index], this.#settler];
    if (position === undefined || claim === undefined || settler === undefined) throw new RangeError('no such row');
    const at = index * width;
    const rows = this.#rows;
    const delivery = new EventDelivery(recall, position, claim.ofRecord(rows[at + ordinal] ?? 0), settler);
    delivery.key = this.#key;
    delivery.stored = this.#stored;
    delivery.start = rows[at + start] ?? 0;
    delivery.bytes = rows[at + bytes] ?? 0;
    delivery.stamp(rows[at + timeMs] ?? 0, rows[at + restamped] === 1);
    delivery.lineStart = rows[at + lineStart] ?? 0;
    delivery.lineBytes = rows[at + lineBytes] ?? 0;
    return delivery;
  }

  #grow(atLeast: number): void {
    const larger = new Float64Array(Math.max(atLeast, this.#rows.length * 2));
    larger.set(this.#rows);
    this.#rows = larger;
  }
}
