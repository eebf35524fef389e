import type { RecordPosition } from '../event/record.ts';

const isSame = (one: RecordPosition, other: RecordPosition): boolean =>
  one.receivedUs === other.receivedUs && one.id() === other.id();

/**
 * Records that a lane took and that its new feed reads again. They are known by their identity: between two readings the
 * source may have lost some (vacuum), and show some that it did not show before.
 */
export class Reread {
  readonly #positions: readonly RecordPosition[];
  readonly #firstOrdinal: number;
  /** By time of receipt, the first index. */
  readonly #indexes = new Map<number, number>();
  readonly #newestUs: number;

  /** @param positions of the records from ordinal `firstOrdinal` on, in order. */
  constructor(positions: readonly RecordPosition[], firstOrdinal: number) {
    this.#positions = positions;
    this.#firstOrdinal = firstOrdinal;
    let newestUs = 0;
    for (const [index, { receivedUs }] of positions.entries()) {
      if (!this.#indexes.has(receivedUs)) this.#indexes.set(receivedUs, index);
      newestUs = Math.max(newestUs, receivedUs);
    }
    this.#newestUs = newestUs;
  }

  /** The ordinal under which the record was taken; undefined when it was not. */
  ordinalOf(position: RecordPosition): number | undefined {
    const first = this.#indexes.get(position.receivedUs);
    if (first === undefined) return undefined;
    for (let index = first; index < this.#positions.length; index += 1) {
      const known = this.#positions[index];
      if (known === undefined || known.receivedUs !== position.receivedUs) break;
      if (isSame(known, position)) return this.#firstOrdinal + index;
    }
    return undefined;
  }

  /** True when the record is newer than all of them: the reading has passed them. */
  isPassedBy(position: RecordPosition): boolean {
    return position.receivedUs > this.#newestUs;
  }
}
