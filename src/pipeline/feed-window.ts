import { eventMemory } from '../sdk/event-memory.ts';
import type { FeedItem } from '../sdk/feed.ts';

/** Objects of a piece's item; what the piece says is held where its line is: by the joiner, then by the line's event. */
const pieceItemBytes = 512;

/** Memory of an item in a window, in bytes, as estimated. */
export const itemMemory = (item: FeedItem): number => {
  const own = item.kind === 'record' ? item.event : undefined;
  let bytes = own === undefined ? 0 : eventMemory(own.event);
  for (const { event } of item.joined) bytes += eventMemory(event);
  return bytes === 0 ? pieceItemBytes : bytes;
};

/** Cursors are remembered of so many tracks; beyond, some are looked for anew. */
const maxMissed = 1024;

/** The items that a feed has read most recently, in order, under consecutive indexes. Bounded by who trims it. */
export class FeedWindow {
  #items: (FeedItem | undefined)[] = [];
  /** Index of `#items[0]`. */
  #base = 0;
  /** Index of the oldest item kept. */
  #start = 0;
  #bytes = 0;
  /** Cursors that were looked for in vain, and up to which index. */
  readonly #missed = new Map<string, number>();
  /** Sequences of pieces of which the event has not come yet, by shard. */
  readonly #openPieces = new Map<string, Set<number>>();

  /** Index of the oldest item kept. */
  get start(): number {
    return this.#start;
  }

  /** Index that the next item gets. */
  get end(): number {
    return this.#base + this.#items.length;
  }

  /** Memory held, in bytes, as estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  push(item: FeedItem): void {
    this.#items.push(item);
    this.#bytes += itemMemory(item);
    if (item.kind === 'record' && item.event === undefined) this.#piecesOf(item.shard).add(item.sequence);
    for (const { pieces } of item.joined) {
      for (const piece of pieces) this.#piecesOf(item.shard).delete(piece);
    }
  }

  at(index: number): FeedItem | undefined {
    return index < this.#start ? undefined : this.#items[index - this.#base];
  }

  /** Forgets the oldest items, up to index `limit` at most, until no more than `maxBytes` are held. */
  trim(maxBytes: number, limit: number): void {
    while (this.#bytes > maxBytes && this.#start < limit) {
      const item = this.#items[this.#start - this.#base];
      if (item !== undefined) this.#bytes -= itemMemory(item);
      this.#items[this.#start - this.#base] = undefined;
      this.#start += 1;
    }
    const dead = this.#start - this.#base;
    if (dead > 1024 && dead > this.#items.length / 2) {
      this.#items = this.#items.slice(dead);
      this.#base = this.#start;
    }
  }

  /** Index of the first item that may stay when no more than `maxBytes` are to be held. */
  startWithin(maxBytes: number): number {
    let bytes = this.#bytes;
    let index = this.#start;
    for (; bytes > maxBytes && index < this.end; index += 1) {
      const item = this.at(index);
      if (item !== undefined) bytes -= itemMemory(item);
    }
    return index;
  }

  /**
   * Index of the record of a shard after which `cursor` resumes; undefined when the window does not hold it. Tracks ask for
   * theirs again and again, of windows of many thousands: what was looked at is not looked at again.
   *
   * @param receivedUs of that record, where it is known: formatting cursors costs a hundred times as much.
   */
  find(shard: string, cursor: string, receivedUs: number | undefined): number | undefined {
    const key = `${shard} ${cursor}`;
    const from = Math.max(this.#start, this.#missed.get(key) ?? 0);
    this.#missed.delete(key);
    for (let index = this.end - 1; index >= from; index -= 1) {
      const item = this.at(index);
      if (item?.kind !== 'record' || item.shard !== shard) continue;
      const mayBe = receivedUs === undefined || item.position.receivedUs === receivedUs;
      if (mayBe && item.position.cursor() === cursor) return index;
    }
    this.#miss(key);
    return undefined;
  }

  /** True when whoever has taken all items before `index` still gets the event of each of these pieces. */
  owes(shard: string, sequences: readonly number[], index: number): boolean {
    const owed = new Set(this.#piecesOf(shard));
    for (let at = index; at < this.end; at += 1) {
      for (const { pieces } of this.at(at)?.joined ?? []) for (const piece of pieces) owed.add(piece);
    }
    return sequences.every((sequence) => owed.has(sequence));
  }

  #miss(key: string): void {
    const [oldest] = this.#missed.keys();
    if (this.#missed.size >= maxMissed && oldest !== undefined) this.#missed.delete(oldest);
    this.#missed.set(key, this.end);
  }

  #piecesOf(shard: string): Set<number> {
    const known = this.#openPieces.get(shard);
    if (known !== undefined) return known;
    const pieces = new Set<number>();
    this.#openPieces.set(shard, pieces);
    return pieces;
  }
}
