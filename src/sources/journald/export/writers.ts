import { lineFields } from '../../../event/record.ts';
import type { SharedFields } from '../entry-fields.ts';
import type { FieldValue } from '../field-value.ts';
import { valueBytes } from '../journal-record.ts';

/** Fields that entries have in common. */
interface Alike {
  readonly shared: SharedFields;
  /** Values in the order in which they are printed. */
  readonly values: readonly FieldValue[];
}

/** The same, of a writer who has written more than one entry. */
interface Known extends Alike {
  /** What the values look like as journalctl prints them, where nothing of an entry's own stands between them. */
  readonly block: Buffer | undefined;
}

/** What is known under one key. */
interface Writer {
  known: Known[];
  /** Seen once. */
  candidate: Alike;
}

/** What an entry has in common with others, and where it ends. */
interface Found {
  readonly shared: SharedFields;
  readonly end: number;
}

/** The fields of an entry but those that are a line's own; not known yet: nobody else has these. */
interface Met {
  readonly shared: SharedFields;
  readonly isKnown: boolean;
}

/** Standard output and error of a container, and these in another order. */
const maxKnown = 4;
/** As many writers as a host has at a time; beyond, all are forgotten. */
const maxWriters = 1024;
const maxBytes = 8 * 1024 * 1024;

const isSame = (one: readonly FieldValue[], other: readonly FieldValue[]): boolean =>
  one.length === other.length &&
  one.every((value, index) => {
    const { name, text, invalid } = other[index] ?? value;
    return value.name === name && value.text === text && value.invalid === undefined && invalid === undefined;
  });

const gather = (values: readonly FieldValue[], leftOutBytes: number): SharedFields => {
  const byName = new Map<string, FieldValue[]>();
  let [bytes, droppedBytes] = [0, leftOutBytes];
  for (const value of values) {
    bytes += value.bytes - value.droppedBytes;
    droppedBytes += value.droppedBytes;
    const others = byName.get(value.name);
    if (others === undefined) byName.set(value.name, [value]);
    else others.push(value);
  }
  return { values: byName, bytes, droppedBytes };
};

const memoryOf = ({ shared, values }: Alike, block: Buffer | undefined): number =>
  shared.bytes + values.length * valueBytes + (block?.length ?? 0);

/**
 * Knows what writers' entries have in common: a container's 20 fields are the same in all its lines, and are neither decoded
 * nor kept more than once.
 */
export class Writers {
  readonly #writers = new Map<string, Writer>();
  #bytes = 0;

  /** The writer whose block `chunk` has at `at`; undefined where it has none that is known. */
  find(key: string, chunk: Buffer, at: number): Found | undefined {
    for (const { shared, block } of this.#writers.get(key)?.known ?? []) {
      const end = block === undefined ? chunk.length : at + block.length;
      if (block === undefined || end >= chunk.length) continue;
      if (block.compare(chunk, at, end) === 0) return { shared, end };
    }
    return undefined;
  }

  /**
   * Meets an entry whose block was not found.
   *
   * @param leftOutBytes of values that are not among these.
   * @param copyBlock undefined: it has none.
   */
  meet(key: string, values: readonly FieldValue[], leftOutBytes: number, copyBlock: (() => Buffer) | undefined): Met {
    if (leftOutBytes > 0) return { shared: gather(values, leftOutBytes), isKnown: false };
    const writer = this.#writers.get(key);
    const alike = [...(writer?.known ?? []), ...(writer === undefined ? [] : [writer.candidate])].find((each) =>
      isSame(each.values, values),
    );
    if (writer === undefined || alike === undefined) return { shared: this.#see(key, values), isKnown: false };
    if (alike === writer.candidate || copyBlock !== undefined) this.#know(writer, alike, copyBlock?.());
    return { shared: alike.shared, isKnown: true };
  }

  #see(key: string, values: readonly FieldValue[]): SharedFields {
    const candidate = { shared: gather(values, 0), values };
    const writer = this.#writers.get(key);
    if (writer === undefined) {
      this.#makeRoom();
      // A copy: a part of a text keeps all of it in memory.
      this.#writers.set(Buffer.from(key).toString(), { known: [], candidate });
    } else {
      this.#bytes -= memoryOf(writer.candidate, undefined);
      writer.candidate = candidate;
    }
    this.#bytes += memoryOf(candidate, undefined);
    return candidate.shared;
  }

  #know(writer: Writer, { shared, values }: Alike, block: Buffer | undefined): void {
    const forgotten = writer.known.length < maxKnown ? undefined : writer.known.shift();
    if (forgotten !== undefined) this.#bytes -= memoryOf(forgotten, forgotten.block);
    const known = { shared, values, block };
    writer.known.push(known);
    this.#bytes += memoryOf(known, block);
  }

  #makeRoom(): void {
    if (this.#writers.size < maxWriters && this.#bytes < maxBytes) return;
    this.#writers.clear();
    this.#bytes = 0;
  }
}

/** Whether a field is one that an entry may share with others of its writer. */
export const isCommon = (name: string): boolean => !lineFields.has(name);
