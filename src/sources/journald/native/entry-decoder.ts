import { lineFields } from '../../../event/record.ts';
import { EntryBudget } from '../entry-budget.ts';
import { EntryFields, gatherFields, type SharedFields } from '../entry-fields.ts';
import type { FieldValue } from '../field-value.ts';
import { freeValues, type JournalRecord, recordBytes, valueBytes } from '../journal-record.ts';
import type { JournalPosition } from '../position.ts';
import { DataObjects, type DataObject, type DecodeOptions } from './data-objects.ts';
import { integerAt } from './integers.ts';
import { ObjectCache } from './object-cache.ts';
import { hashOf, Shapes } from './shapes.ts';
import type { Window } from './window.ts';

/** journald takes at most 1024 fields; a few more are its own. */
export const maxItems = 2048;

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
  /** Of the entry, what it has in common with others; empty while that is known already. */
  readonly #common: DataObject[] = [];
  /** Of the entry, what is its own: the first so many of a list that is used again, since a new one grows in leaps. */
  readonly #own: FieldValue[] = [];
  #ownCount = 0;
  #ownBytes = 0;
  /** Of the values that others may have, those of a writer who is not known yet. */
  #newValues = 0;
  #ownDroppedBytes = 0;

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
    this.#ownBytes = 0;
    this.#ownDroppedBytes = 0;
    this.#ownCount = 0;
    this.#newValues = 0;
    const sharedCount = this.#readOffsets(items);
    const shared = this.#sharedFields(sharedCount);
    for (let index = sharedCount; index < items.count; index += 1) {
      this.#takeOwn(this.#objects.read(this.#offsets[index] ?? 0));
    }
    return {
      position,
      fields: new EntryFields(position, shared, this.#own.slice(0, this.#ownCount)),
      bytes: recordBytes + shared.bytes + this.#ownBytes + valueBytes * this.#valuesAlone,
      truncatedBytes: shared.droppedBytes + this.#ownDroppedBytes,
    };
  }

  /** Values that no other entry is known to have, beyond those of any line. */
  get #valuesAlone(): number {
    return this.#newValues + Math.max(0, this.#ownCount - freeValues);
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
    return this.#shapes.find(hashOf(this.#offsets, count), this.#offsets, count) ?? this.#separate(count);
  }

  /** Messages that come again and numbers that count lines are in all sorts of company: the shape is that of the others. */
  #separate(count: number): SharedFields {
    this.#common.length = 0;
    for (let index = 0; index < count; index += 1) {
      const offset = this.#offsets[index] ?? 0;
      const object = this.#cache.get(offset) ?? this.#readShared(offset);
      if (object.value !== undefined && lineFields.has(object.value.name)) this.#takeOwn(object);
      else this.#offsets[this.#common.push(object) - 1] = offset;
    }
    const commonCount = this.#common.length;
    const hash = hashOf(this.#offsets, commonCount);
    return this.#shapes.find(hash, this.#offsets, commonCount) ?? this.#gather(hash);
  }

  /** Puts shared fields together, and keeps them where they are likely to come again. */
  #gather(hash: number): SharedFields {
    const kept: FieldValue[] = [];
    let leftOutBytes = 0;
    for (const { value, droppedBytes } of this.#common) {
      if (value !== undefined && this.#budget.take(value)) kept.push(value);
      else leftOutBytes += value?.bytes ?? droppedBytes;
    }
    this.#newValues = this.#common.length;
    const fields = gatherFields(kept, leftOutBytes);
    const isLasting = this.#common.every(({ isShared }) => isShared);
    if (isLasting) this.#shapes.add(hash, this.#offsets, this.#common.length, fields);
    return fields;
  }

  #takeOwn({ value, droppedBytes }: DataObject): void {
    if (value === undefined || !this.#budget.take(value)) {
      this.#ownDroppedBytes += value?.bytes ?? droppedBytes;
      return;
    }
    this.#own[this.#ownCount++] = value;
    this.#ownBytes += value.bytes - value.droppedBytes;
    this.#ownDroppedBytes += value.droppedBytes;
  }

  #readShared(offset: number): DataObject {
    const object = this.#objects.read(offset);
    const isKept = this.#cache.offer(offset, object);
    return isKept === object.isShared ? object : { ...object, isShared: false };
  }
}
