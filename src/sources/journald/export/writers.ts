import { lineFields } from '../../../event/record.ts';
import { gatherFields, type SharedFields } from '../entry-fields.ts';
import type { FieldValue } from '../field-value.ts';
import { valueBytes } from '../journal-record.ts';

/** Fields that entries of a writer have in common. */
interface FieldSet {
  readonly shared: SharedFields;
  /** Values in the order in which they are printed. */
  readonly values: readonly FieldValue[];
  /** What these look like as journalctl prints them; undefined until they came again, in a row. */
  block: Buffer | undefined;
}

/** What an entry has in common with others, and where it ends. */
interface Found {
  readonly shared: SharedFields;
  readonly end: number;
}

/** The fields of an entry but those that are a line's own; not known: nobody else is known to have these. */
interface Met {
  readonly shared: SharedFields;
  readonly isKnown: boolean;
}

/** Standard output and error of a container, places in a program's code; beyond, the oldest is forgotten. */
const maxSets = 8;
/** As many writers as a host has at a time; beyond, all are forgotten. */
const maxWriters = 1024;
const maxBytes = 8 * 1024 * 1024;
/** What is larger is not remembered: a container has some 1000 bytes of such fields. */
const largestSetBytes = 16_384;
/** Ids of containers have 64. */
const longestKey = 128;

const isSame = (one: readonly FieldValue[], other: readonly FieldValue[]): boolean =>
  one.length === other.length &&
  one.every((value, index) => {
    const { name, text, bytes, invalid } = other[index] ?? value;
    const isText = value.invalid === undefined && invalid === undefined;
    return isText && value.name === name && value.text === text && value.bytes === bytes;
  });

const memoryOf = ({ shared, values, block }: FieldSet): number =>
  longestKey + shared.bytes + values.length * valueBytes + (block?.length ?? 0);

/**
 * Knows what the entries of writers have in common, in one boot: a container's 20 fields are the same in all its lines, and
 * are neither decoded nor kept more than once.
 */
export class Writers {
  readonly #writers = new Map<string, FieldSet[]>();
  #bytes = 0;

  /** The longest block of a writer that `chunk` has at `at`; undefined where it has none that is known. */
  find(key: string, chunk: Buffer, at: number): Found | undefined {
    let found: Found | undefined;
    for (const { shared, block } of this.#writers.get(key) ?? []) {
      if (block === undefined) continue;
      const end = at + block.length;
      if (end >= chunk.length || end <= (found?.end ?? at)) continue;
      if (block.compare(chunk, at, end) === 0) found = { shared, end };
    }
    return found;
  }

  /**
   * Meets an entry whose block was not found.
   *
   * @param leftOutBytes of values that are not among these.
   * @param block where it is; undefined: it has none.
   */
  meet(key: string, values: readonly FieldValue[], leftOutBytes: number, block: Buffer | undefined): Met {
    const known = this.#writers.get(key)?.find((set) => isSame(set.values, values));
    if (known === undefined || leftOutBytes > 0) {
      return { shared: this.#see(key, values, leftOutBytes), isKnown: false };
    }
    if (block !== undefined && block.length <= largestSetBytes) this.#remember(known, block);
    return { shared: known.shared, isKnown: true };
  }

  #see(key: string, values: readonly FieldValue[], leftOutBytes: number): SharedFields {
    const shared = gatherFields(values, leftOutBytes);
    const isTooMuch = leftOutBytes > 0 || key.length > longestKey || shared.bytes > largestSetBytes;
    if (isTooMuch || values.length * valueBytes > largestSetBytes) return shared;
    this.#makeRoom();
    const sets = this.#setsOf(key);
    const forgotten = sets.length < maxSets ? undefined : sets.shift();
    const set = { shared, values, block: undefined };
    sets.push(set);
    this.#bytes += memoryOf(set) - (forgotten === undefined ? 0 : memoryOf(forgotten));
    return shared;
  }

  /** A copy of the block: the chunk's memory is another's soon. */
  #remember(set: FieldSet, block: Buffer): void {
    const copy = Buffer.allocUnsafeSlow(block.length);
    block.copy(copy);
    this.#bytes += copy.length - (set.block?.length ?? 0);
    set.block = copy;
  }

  #setsOf(key: string): FieldSet[] {
    const known = this.#writers.get(key);
    if (known !== undefined) return known;
    const sets: FieldSet[] = [];
    // A copy: a part of a text keeps all of it in memory.
    this.#writers.set(Buffer.from(key).toString(), sets);
    return sets;
  }

  #makeRoom(): void {
    if (this.#writers.size < maxWriters && this.#bytes < maxBytes) return;
    this.#writers.clear();
    this.#bytes = 0;
  }
}

/** Whether a field is one that an entry may share with others of its writer. */
export const isCommon = (name: string): boolean => !lineFields.has(name);
