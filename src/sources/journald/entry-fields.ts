import type { RecordFields } from '#sdk';
import { lineFields } from '../../event/record.ts';
import type { FieldValue } from './field-value.ts';
import type { JournalPosition } from './position.ts';

/** Values that many entries have in common: all but those of `lineFields` and what is the entry's own. */
export interface SharedFields {
  readonly values: ReadonlyMap<string, readonly FieldValue[]>;
  readonly bytes: number;
  readonly droppedBytes: number;
}

/**
 * Puts values together by name.
 *
 * @param leftOutBytes of values that are not among these.
 */
export const gatherFields = (values: readonly FieldValue[], leftOutBytes: number): SharedFields => {
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

/** What journalctl prints of an entry that is no field of it. */
const addressFields = new Map<string, (position: JournalPosition) => string>([
  ['_BOOT_ID', ({ bootId }) => bootId],
  ['__CURSOR', (position) => position.cursor()],
  ['__REALTIME_TIMESTAMP', ({ realtimeUs }) => String(realtimeUs)],
  ['__MONOTONIC_TIMESTAMP', ({ monotonicUs }) => String(monotonicUs)],
  ['__SEQNUM', ({ sequence }) => String(sequence)],
  ['__SEQNUM_ID', ({ sequenceId }) => sequenceId],
]);

const underscore = 0x5f;

const areOfLine = (values: readonly FieldValue[]): boolean => {
  for (const { name } of values) if (!lineFields.has(name)) return false;
  return true;
};

/** An entry's fields: those that it shares with others, and its own. */
export class EntryFields implements RecordFields {
  readonly #position: JournalPosition;
  readonly #shared: SharedFields;
  readonly #own: readonly FieldValue[];
  readonly common: SharedFields | undefined;

  /** @param own values in the order of their objects. */
  constructor(position: JournalPosition, shared: SharedFields, own: readonly FieldValue[]) {
    this.#position = position;
    this.#shared = shared;
    this.#own = own;
    this.common = areOfLine(own) ? shared : undefined;
  }

  get(name: string): string | undefined {
    const value = this.#first(name);
    if (value !== undefined) return value.text;
    return name.charCodeAt(0) === underscore ? addressFields.get(name)?.(this.#position) : undefined;
  }

  repeats(name: string): boolean {
    let count = 0;
    for (const value of this.#own) if (value.name === name) count += 1;
    if (count === 0 || this.common === undefined) count += this.#shared.values.get(name)?.length ?? 0;
    return count > 1;
  }

  all(name: string): readonly string[] {
    const texts = [...(this.#shared.values.get(name) ?? []), ...this.#own.filter((value) => value.name === name)];
    if (texts.length > 0) return texts.map(({ text }) => text);
    const address = addressFields.get(name)?.(this.#position);
    return address === undefined ? [] : [address];
  }

  invalidBytes(name: string): Uint8Array | undefined {
    return this.#first(name)?.invalid;
  }

  /** Of all fields that were asked for. */
  names(): ReadonlySet<string> {
    return new Set([...this.#shared.values.keys(), ...this.#own.map(({ name }) => name)]);
  }

  /** Values are in the order of their first appearance in the file, and shared ones came before. */
  #first(name: string): FieldValue | undefined {
    // What is shared with others is none of a line's own fields.
    if (this.common === undefined) return this.#shared.values.get(name)?.[0] ?? this.#firstOwn(name);
    return this.#firstOwn(name) ?? this.#shared.values.get(name)?.[0];
  }

  #firstOwn(name: string): FieldValue | undefined {
    for (const value of this.#own) if (value.name === name) return value;
    return undefined;
  }
}
