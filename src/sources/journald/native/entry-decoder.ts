import type { JournalRecord } from '../json-line.ts';
import type { JournalPosition } from '../position.ts';
import { DataObjects, type DataObject, type DecodeOptions } from './data-objects.ts';
import { EntryBudget } from './entry-budget.ts';
import { EntryFields, type SharedFields } from './entry-fields.ts';
import type { FieldValue } from './field-value.ts';
import { integerAt } from './integers.ts';
import { ObjectCache } from './object-cache.ts';
import { mix, Shapes } from './shapes.ts';
import type { Window } from './window.ts';

/** journald takes at most 1024 fields; a few more are its own. */
export const maxItems = 2048;

/** What a record costs besides its values, about. */
const recordBytes = 64;

/** Where an entry's items are: offsets of its data objects. */
export interface EntryItems {
  /** Index of the first one's word in the window. */
  readonly word: number;
  readonly count: number;
  /** Objects before this offset were there before the entry; those behind were written with it. */
  readonly ownFrom: number;
}

/**
 * Makes records of entries. Values that repeat are decoded once, and entries that share all of them, which is most of what a
 * service writes, share the finished fields: for those only the message is decoded.
 */
export class EntryDecoder {
  readonly #window: Window;
  readonly #objects: DataObjects;
  readonly #isCompact: boolean;
  readonly #cache = new ObjectCache();
  readonly #shapes = new Shapes();
  readonly #budget: EntryBudget;
  readonly #offsets = new Float64Array(maxItems);

  constructor(window: Window, isCompact: boolean, options: DecodeOptions) {
    this.#window = window;
    this.#objects = new DataObjects(window, isCompact, options);
    this.#isCompact = isCompact;
    this.#budget = new EntryBudget(options.maxMessageBytes);
  }

  /**
   * Makes the record of an entry whose items are in the window.
   *
   * @throws {DamageError} when one of its data objects can't be read.
   */
  decode(position: JournalPosition, items: EntryItems): JournalRecord {
    this.#budget.reset();
    this.#objects.reset();
    const sharedCount = this.#readOffsets(items);
    const shared = this.#sharedFields(sharedCount);
    const own: FieldValue[] = [];
    let bytes = recordBytes + shared.bytes;
    let truncatedBytes = shared.droppedBytes;
    for (let index = sharedCount; index < items.count; index += 1) {
      const { value, droppedBytes } = this.#objects.read(this.#offsets[index] ?? 0);
      const isKept = value !== undefined && this.#budget.take(value);
      if (isKept) own.push(value);
      bytes += isKept ? value.bytes - value.droppedBytes : 0;
      truncatedBytes += isKept ? value.droppedBytes : (value?.bytes ?? droppedBytes);
    }
    return { position, fields: new EntryFields(position, shared, own), bytes, truncatedBytes };
  }

  /** @returns how many of the objects were there before the entry. */
  #readOffsets({ word, count, ownFrom }: EntryItems): number {
    const { words } = this.#window;
    let sharedCount = 0;
    for (let index = 0; index < count; index += 1) {
      const offset = this.#isCompact ? (words[word + index] ?? 0) : integerAt(words, word + index * 4);
      this.#offsets[index] = offset;
      // Items are sorted by offset (journal-file.c); in a file where they are not, more are decoded.
      if (offset < ownFrom && sharedCount === index) sharedCount += 1;
    }
    return sharedCount;
  }

  #sharedFields(count: number): SharedFields {
    let hash = count;
    for (let index = 0; index < count; index += 1) hash = mix(hash, this.#offsets[index] ?? 0);
    return this.#shapes.find(hash, this.#offsets, count) ?? this.#gather(hash, count);
  }

  /** Puts shared fields together, and keeps them where they are likely to come again: a message hardly is. */
  #gather(hash: number, count: number): SharedFields {
    const values = new Map<string, FieldValue[]>();
    let isLasting = true;
    let bytes = 0;
    let droppedBytes = 0;
    for (let index = 0; index < count; index += 1) {
      const offset = this.#offsets[index] ?? 0;
      const object = this.#cache.get(offset) ?? this.#readShared(offset);
      const { value } = object;
      isLasting &&= object.isShared && value?.name !== 'MESSAGE';
      if (value === undefined || !this.#budget.take(value)) {
        droppedBytes += value?.bytes ?? object.droppedBytes;
        continue;
      }
      bytes += value.bytes - value.droppedBytes;
      droppedBytes += value.droppedBytes;
      const others = values.get(value.name);
      if (others === undefined) values.set(value.name, [value]);
      else others.push(value);
    }
    const fields = { values, bytes, droppedBytes };
    if (isLasting) this.#shapes.add(hash, this.#offsets, count, fields);
    return fields;
  }

  #readShared(offset: number): DataObject {
    const object = this.#objects.read(offset);
    const isKept = this.#cache.offer(offset, object);
    return isKept === object.isShared ? object : { ...object, isShared: false };
  }
}
