import { isUtf8 } from 'node:buffer';
import type { RecordFields } from '#sdk';

/** One value of a journal field; bytes where journalctl prints no text: control characters, invalid UTF-8. */
export type JournalValue = string | Uint8Array;

/** An entry as `journalctl --output=json` prints it, see {@link valuesOf}. */
export type JournalEntry = Readonly<Record<string, unknown>>;

const toValue = (value: unknown): JournalValue | undefined => {
  if (typeof value === 'string' || value instanceof Uint8Array) return value;
  return Array.isArray(value) ? Buffer.from(value) : undefined;
};

/**
 * The values of a field: a text, a list of numbers (the bytes of one value), or a list of those. Null is a value that
 * journalctl withheld.
 */
export const valuesOf = (field: unknown): readonly JournalValue[] => {
  const elements: readonly unknown[] = Array.isArray(field) && typeof field[0] !== 'number' ? field : [field];
  return elements.map(toValue).filter((value) => value !== undefined);
};

const toText = (value: JournalValue): string =>
  typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');

/** Reads an entry's values when they are asked for. */
export class JournalFields implements RecordFields {
  readonly #entry: JournalEntry;

  constructor(entry: JournalEntry) {
    this.#entry = entry;
  }

  get(name: string): string | undefined {
    const field = this.#field(name);
    if (typeof field === 'string' || field === undefined) return field;
    const [first] = valuesOf(field);
    return first === undefined ? undefined : toText(first);
  }

  repeats(name: string): boolean {
    const field = this.#field(name);
    return typeof field !== 'string' && valuesOf(field).length > 1;
  }

  all(name: string): readonly string[] {
    return valuesOf(this.#field(name)).map(toText);
  }

  invalidBytes(name: string): Uint8Array | undefined {
    const field = this.#field(name);
    if (typeof field === 'string') return undefined;
    const [first] = valuesOf(field);
    return first === undefined || typeof first === 'string' || isUtf8(first) ? undefined : first;
  }

  #field(name: string): unknown {
    return this.#entry[name];
  }
}
