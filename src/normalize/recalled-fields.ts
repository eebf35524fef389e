import { isLineField, type RecordFields } from '../event/record.ts';

/** What is left of a record's fields when only its line was kept: that, and what its writer's records have in common. */
export class RecalledFields implements RecordFields {
  readonly #writer: RecordFields;
  readonly #message: string;

  /** @param writer the fields of any record with the same `common`. */
  constructor(writer: RecordFields, message: string) {
    this.#writer = writer;
    this.#message = message;
  }

  get common(): object | undefined {
    return this.#writer.common;
  }

  get(name: string): string | undefined {
    if (name === 'MESSAGE') return this.#message;
    return isLineField(name) ? undefined : this.#writer.get(name);
  }

  repeats(name: string): boolean {
    return !isLineField(name) && this.#writer.repeats(name);
  }

  all(name: string): readonly string[] {
    if (name === 'MESSAGE') return [this.#message];
    return isLineField(name) ? [] : this.#writer.all(name);
  }

  invalidBytes(name: string): Uint8Array | undefined {
    return isLineField(name) ? undefined : this.#writer.invalidBytes(name);
  }
}
