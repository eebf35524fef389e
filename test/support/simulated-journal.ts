import { closeSync, openSync, writeSync } from 'node:fs';

/** What is done to a file to add an entry, in the order in which journald does it (journal-file.c). */
export type WriteStep = 'data' | 'entry' | 'item' | 'link' | 'count';

export interface SimulatedLayout {
  readonly isCompact: boolean;
  readonly sequenceId?: string;
  readonly fileId?: string;
  /** As the systemd has it that writes the file; default: that of version 254. */
  readonly headerBytes?: number;
}

/** Where an entry stands; by default it follows the one before it. */
export interface SimulatedStamp {
  readonly sequence: number;
  readonly bootId: string;
  readonly monotonicUs: number;
  readonly realtimeUs: number;
  /** What tells it from others of its microsecond; by default, its number. */
  readonly hash?: number;
}

type Later = (step: WriteStep, bytes: Buffer, offset: number) => void;

const objectTypes = { data: 1, entry: 3, entryArray: 6 };
const compactFlag = 16;
const at = {
  incompatible: 12,
  state: 16,
  fileId: 24,
  sequenceId: 72,
  headerSize: 88,
  arenaSize: 96,
  entries: 152,
  tailSequence: 160,
  headSequence: 168,
  firstArray: 176,
};
const firstArrayLength = 4;

/** A change that is ready to be written. */
export interface PendingWrite {
  readonly step: WriteStep;
  readonly apply: () => void;
}

/** Writes a journal file step by step, so that a reader may look in between; needs no systemd. */
export class SimulatedJournal {
  readonly #descriptor: number;
  readonly #isCompact: boolean;
  readonly #data = new Map<string, number>();
  readonly #headerBytes: number;
  #end: number;
  #entries = 0;
  #array = { offset: 0, length: 0, used: 0 };

  constructor(path: string, layout: SimulatedLayout) {
    const { isCompact, sequenceId = '5'.repeat(32), fileId = '7'.repeat(32), headerBytes = 272 } = layout;
    this.#descriptor = openSync(path, 'w');
    this.#isCompact = isCompact;
    this.#headerBytes = headerBytes;
    this.#end = headerBytes;
    const header = Buffer.alloc(headerBytes);
    header.write('LPKSHHRH', 0, 'latin1');
    header.writeUInt32LE(isCompact ? compactFlag : 0, at.incompatible);
    header[at.state] = 1;
    header.write(fileId, at.fileId, 'hex');
    header.write(sequenceId, at.sequenceId, 'hex');
    header.writeBigUInt64LE(BigInt(headerBytes), at.headerSize);
    this.#write(header, 0);
  }

  /** Adds an entry at once. */
  append(fields: Readonly<Record<string, string>>, stamp?: SimulatedStamp): void {
    for (const { apply } of this.steps(fields, stamp)) apply();
  }

  /** The writes that add an entry. Each has to be applied once; in another order, they do what another processor may see. */
  steps(fields: Readonly<Record<string, string>>, stamp = this.#nextStamp): readonly PendingWrite[] {
    const writes: PendingWrite[] = [];
    const later: Later = (step, bytes, offset) => {
      writes.push({ step, apply: () => this.#write(bytes, offset) });
    };
    const items = Object.entries(fields).map(([name, value]) => this.#addData(`${name}=${value}`, later));
    const sorted = items.toSorted((one, other) => one - other);
    const entry = this.#addEntry(sorted, stamp, later);
    this.#addItem(entry, later);
    this.#entries += 1;
    later('count', uint64(this.#entries), at.entries);
    return writes;
  }

  /** Nothing will be added. */
  archive(): void {
    this.#write(Buffer.from([2]), at.state);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #addData(payload: string, later: Later): number {
    const known = this.#data.get(payload);
    if (known !== undefined) {
      later('data', uint64(2), known + 56);
      return known;
    }
    const start = this.#isCompact ? 72 : 64;
    const object = objectOf(objectTypes.data, start + Buffer.byteLength(payload));
    object.write(payload, start);
    object.writeBigUInt64LE(1n, 56);
    const offset = this.#allocate(object.length);
    this.#data.set(payload, offset);
    later('data', object, offset);
    return offset;
  }

  get #nextStamp(): SimulatedStamp {
    const sequence = this.#entries + 1;
    const [monotonicUs, realtimeUs] = [1000 + sequence, 1_795_000_000_000_000 + sequence];
    return { sequence, bootId: 'b'.repeat(32), monotonicUs, realtimeUs };
  }

  #addEntry(
    items: readonly number[],
    { sequence, bootId, monotonicUs, realtimeUs, hash = sequence * 7919 }: SimulatedStamp,
    later: Later,
  ): number {
    const itemBytes = this.#isCompact ? 4 : 16;
    const object = objectOf(objectTypes.entry, 64 + items.length * itemBytes);
    object.writeBigUInt64LE(BigInt(sequence), 16);
    object.writeBigUInt64LE(BigInt(realtimeUs), 24);
    object.writeBigUInt64LE(BigInt(monotonicUs), 32);
    object.write(bootId, 40, 'hex');
    object.writeBigUInt64LE(BigInt(hash), 56);
    if (this.#entries === 0) this.#write(uint64(sequence), at.headSequence);
    this.#write(uint64(sequence), at.tailSequence);
    for (const [index, item] of items.entries()) object.writeUInt32LE(item, 64 + index * itemBytes);
    const offset = this.#allocate(object.length);
    later('entry', object, offset);
    return offset;
  }

  /** A new array gets its item before it is linked. */
  #addItem(entry: number, later: Later): void {
    const itemBytes = this.#isCompact ? 4 : 8;
    const item = Buffer.alloc(itemBytes);
    item.writeUInt32LE(entry, 0);
    if (this.#array.used < this.#array.length) {
      later('item', item, this.#array.offset + 24 + this.#array.used * itemBytes);
      this.#array.used += 1;
      return;
    }
    const length = Math.max(firstArrayLength, this.#array.length * 2);
    const object = objectOf(objectTypes.entryArray, 24 + length * itemBytes);
    item.copy(object, 24);
    const offset = this.#allocate(object.length);
    later('item', object, offset);
    later('link', uint64(offset), this.#array.offset === 0 ? at.firstArray : this.#array.offset + 16);
    this.#array = { offset, length, used: 1 };
  }

  #allocate(bytes: number): number {
    const offset = this.#end;
    this.#end += Math.ceil(bytes / 8) * 8;
    this.#write(uint64(this.#end - this.#headerBytes), at.arenaSize);
    // journald takes space ahead.
    this.#write(Buffer.alloc(1), this.#end + 4096);
    return offset;
  }

  #write(bytes: Buffer, offset: number): void {
    writeSync(this.#descriptor, bytes, 0, bytes.length, offset);
  }
}

const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

const objectOf = (type: number, size: number): Buffer => {
  const object = Buffer.alloc(size);
  object[0] = type;
  object.writeBigUInt64LE(BigInt(size), 8);
  return object;
};
