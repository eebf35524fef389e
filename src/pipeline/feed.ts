import type { ShardProgress } from '../delivery/shard-progress.ts';
import type { Track } from '../delivery/track.ts';
import type { Clock } from '../platform/clock.ts';
import type { ServiceLoss } from '../sdk/feed.ts';
import type { Source, StartPoint } from '../sdk/source.ts';
import type { LogRecord, RecordPosition } from '../event/record.ts';
import { FeedWindow } from './feed-window.ts';
import type { Assembler } from './assembler.ts';
import type { ReaderView } from './reader-watch.ts';

/** What a feed wants of a source. */
export type FeedSource = Pick<Source, 'shards' | 'read' | 'head' | 'receivedUsOf'>;

export interface FeedOptions {
  readonly source: FeedSource;
  /** Made anew for each feed: it holds the joins that are open at the feed's position. */
  readonly assembler: Assembler;
  readonly start: ReadonlyMap<string, StartPoint>;
  /** What it may hold: its window, and the lines that are open. */
  readonly maxBytes: number;
  readonly clock: Clock;
  /** True while tracks read elsewhere, or wait to read, that may have caught up soon. */
  readonly mayBeJoined: () => boolean;
  /** Called after items came in, and after the feed was found full. */
  readonly onProgress: (feed: Feed) => void;
  /** Called with each record that tells of losses. */
  readonly onLost: (position: RecordPosition, losses: readonly ServiceLoss[]) => void;
  /** Records and their bytes, as they are read. */
  readonly onRead: (records: number, bytes: number) => void;
}

/** Where a track goes on in a window. */
interface PlaceAfter {
  readonly progress: ShardProgress;
  /** Sequence of the record that it took last. */
  readonly sequence: number;
  readonly index: number;
}

/** What was read of a shard. */
interface ReadShard {
  /** Sequence of the next record. */
  next: number;
  last: RecordPosition;
}

/**
 * What waits in a window grows old, and is then dear to collect: though memory allow it, no more than this is kept for the
 * slowest track, and no more is read than so many items that no track has taken yet.
 */
const mostWindowBytes = 8 * 1024 * 1024;
const mostAhead = 1024;
/** Reading goes on, in strides, when a full window is down to this part of its room, and items that nobody took to this number. */
const strideShare = 0.75;
const aheadAgain = 256;
/**
 * What all tracks have passed is kept this far, so that a track that has caught up finds its place. More would cost: what
 * outlives a few collections is moved to the old generation.
 */
const historyBytes = 4 * 1024 * 1024;
/** The same while no other track reads: for one that begins where those here stand. */
const lonelyHistoryBytes = 256 * 1024;
/**
 * One track takes so many items in one go, and for so long where that is less, as while the code is new to the engine: every
 * track of a feed has its go in the same turn of the event loop.
 */
const takeAtOnce = 256;
const takeAtOnceMs = 2;
/** The clock is asked once for so many items. */
const askEvery = 8;
/** How often open joins are looked at when no record comes. */
const flushEveryMs = 1000;

/**
 * One reader and a bounded window of what it read last, for any number of tracks. It reads on while the window has room
 * for what its slowest track still needs; who makes a track leave is the pool's decision.
 */
export class Feed implements ReaderView {
  readonly id: number;
  /** On the monotonic clock, in milliseconds. */
  readonly openedAtMs: number;
  readonly #options: FeedOptions;
  readonly #window = new FeedWindow();
  /** Each track and the index of the next item it takes. */
  readonly #tracks = new Map<Track, number>();
  /** The furthest of these; infinite where there is no track. */
  #furthest = Number.POSITIVE_INFINITY;
  readonly #shards = new Map<string, ReadShard>();
  #newest: RecordPosition | undefined;
  readonly #stop = new AbortController();
  #roomListener: (() => void) | undefined;
  /** Room that the next record needs; 0 while it does not wait. */
  #neededBytes = 0;
  #fullSinceMs: number | undefined;

  constructor(id: number, options: FeedOptions) {
    this.id = id;
    this.openedAtMs = options.clock.monotonic();
    this.#options = options;
  }

  get tracks(): readonly Track[] {
    return [...this.#tracks.keys()];
  }

  /** Memory of the window and of the lines that are open, in bytes, as estimated. */
  get heldBytes(): number {
    return this.#window.bytes + this.#options.assembler.openBytes;
  }

  /** The record read last. */
  get newest(): RecordPosition | undefined {
    return this.#newest;
  }

  /** True while it does not read because its window is full, or no track takes what it has read. */
  get isPaused(): boolean {
    return this.#roomListener !== undefined;
  }

  /** Whether it has read up to a record, or began after it. */
  hasRead(record: RecordPosition): boolean {
    const last = this.#shards.get(record.shard)?.last;
    if (last !== undefined) return last.id() === record.id() || last.receivedUs > record.receivedUs;
    const start = this.#options.start.get(record.shard);
    if (start?.kind === 'since') return record.receivedUs < start.timeUs;
    return start?.kind === 'after' && start.cursor === record.cursor();
  }

  /** True when the track has taken all that the other one has. Both must be attached. */
  isAsFarAs(track: Track, other: Track): boolean {
    return (this.#tracks.get(track) ?? -1) >= (this.#tracks.get(other) ?? Number.POSITIVE_INFINITY);
  }

  /** For how long, in milliseconds, it has not read on; 0 while it does, or may. */
  fullForMs(): number {
    return this.#fullSinceMs === undefined ? 0 : this.#options.clock.monotonic() - this.#fullSinceMs;
  }

  /** Lanes that have taken all there is. */
  get starvedTracks(): readonly Track[] {
    return [...this.#tracks].filter(([, next]) => next === this.#window.end).map(([track]) => track);
  }

  /** Lanes that take none of the items that have to go first before it reads on: those that keep it from moving on. */
  get holdingTracks(): readonly Track[] {
    const isFarAhead = this.#ahead > aheadAgain;
    const strideEnd = isFarAhead ? this.#window.end : this.#window.startWithin(this.#strideBytes);
    return [...this.#tracks].filter(([track, next]) => next < strideEnd && !track.hasRoom).map(([track]) => track);
  }

  /**
   * Reads until the feed is closed.
   *
   * @throws {SourceError} when the source can't be read on.
   */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    void this.#flushJoins();
    try {
      for await (const message of this.#options.source.read(this.#options.start, signal)) {
        if (message.kind !== 'records') continue;
        let bytes = 0;
        for (const record of message.records) {
          if (!this.#hasRoomFor(record)) await this.#roomFor(record);
          if (signal.aborted) return;
          this.#read(record);
          bytes += record.bytes;
        }
        this.#options.onRead(message.records.length, bytes);
        this.#options.onProgress(this);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #read(record: LogRecord): void {
    const { shard } = record.position;
    const read = this.#shards.get(shard) ?? { next: 0, last: record.position };
    if (read.next === 0) this.#shards.set(shard, read);
    read.last = record.position;
    this.#newest = record.position;
    const item = this.#options.assembler.assemble(record, read.next++);
    this.#window.push(item);
    if (item.losses !== undefined) this.#options.onLost(record.position, item.losses);
  }

  /** Attaches a track at the feed's very start, which is the lane's low-water mark; only before the feed has read anything. */
  attachAtStart(track: Track): void {
    for (const shard of this.#options.source.shards) track.shards.get(shard)?.readAgain();
    this.#placeAt(track, 0);
  }

  /**
   * Attaches a track that has taken everything up to these cursors, one per shard, if the window holds the records and the
   * track will get the events of all pieces that it holds: this feed may have begun, or closed a join, in their middle.
   *
   * @returns false when not; nothing has changed then.
   */
  attachAfter(track: Track, cursors: ReadonlyMap<string, string>): boolean {
    const places = [...cursors].map(([shard, cursor]) => this.#placeAfter(track, shard, cursor));
    const found = places.flatMap((place) => place ?? []);
    if (found.length === 0 || found.length < places.length) return false;
    for (const { progress, sequence } of found) progress.readAfter(sequence);
    // Shards advance apart: the track knows what it has of one of them already.
    this.#placeAt(track, Math.min(...found.map(({ index }) => index + 1)));
    return true;
  }

  #placeAfter(track: Track, shard: string, cursor: string): PlaceAfter | undefined {
    const index = this.#window.find(shard, cursor, this.#options.source.receivedUsOf?.(cursor));
    const item = index === undefined ? undefined : this.#window.at(index);
    const progress = track.shards.get(shard);
    if (index === undefined || item?.kind !== 'record' || progress === undefined) return undefined;
    const { sequence } = item;
    const isOwed = this.#window.owes(shard, progress.openSequences(sequence), index + 1);
    return isOwed ? { progress, sequence, index } : undefined;
  }

  detach(track: Track): void {
    this.#tracks.delete(track);
    this.#findFurthest();
    this.#trim();
  }

  #placeAt(track: Track, next: number): void {
    this.#tracks.set(track, next);
    this.#findFurthest();
  }

  #findFurthest(): void {
    this.#furthest = this.#tracks.size === 0 ? Number.POSITIVE_INFINITY : Math.max(...this.#tracks.values());
  }

  /** Hands items to a track while it has room. */
  pump(track: Track): void {
    let next = this.#tracks.get(track);
    if (next === undefined) return;
    const stopAt = Math.min(this.#window.end, next + takeAtOnce);
    const untilMs = this.#options.clock.monotonic() + takeAtOnceMs;
    while (next < stopAt) {
      if (next % askEvery === 0 && this.#options.clock.monotonic() > untilMs) break;
      const item = this.#window.at(next);
      if (item !== undefined && !track.hasRoomFor(item)) break;
      next += 1;
      if (item !== undefined) track.take(item);
    }
    this.#placeAt(track, next);
    this.#trim();
    if (next < this.#window.end && track.hasRoom) setImmediate(() => this.pump(track));
  }

  /** Ends reading, and handing over. May be called twice. */
  close(): void {
    this.#tracks.clear();
    this.#findFurthest();
    this.#stop.abort(new Error('the feed is closed'));
    this.#roomListener?.();
  }

  /** What lines that are open leave to the window. */
  get #windowBytes(): number {
    return Math.min(mostWindowBytes, this.#options.maxBytes - this.#options.assembler.openBytes);
  }

  /** Items that no track has taken; below any number where there is no track. */
  get #ahead(): number {
    return this.#window.end - this.#furthest;
  }

  /** What the window is to be down to before a record that waits is read; an empty one has room for any. */
  get #strideBytes(): number {
    const room = this.#windowBytes;
    return Math.max(0, Math.min(room * strideShare, room - this.#neededBytes));
  }

  #hasRoomFor(record: LogRecord): boolean {
    if (this.#ahead >= mostAhead) return false;
    const { bytes } = this.#window;
    return bytes + this.#options.assembler.growthOf(record) <= this.#windowBytes || bytes === 0;
  }

  #trim(): void {
    const passed = Math.min(this.#window.end, ...this.#tracks.values());
    const strideBytes = this.#strideBytes;
    const keptBytes = this.#options.mayBeJoined() ? historyBytes : lonelyHistoryBytes;
    this.#window.trim(Math.min(strideBytes, keptBytes), passed);
    if (this.#window.bytes > strideBytes || this.#ahead > aheadAgain) return;
    this.#fullSinceMs = undefined;
    this.#roomListener?.();
  }

  async #roomFor(record: LogRecord): Promise<void> {
    this.#options.onProgress(this);
    this.#neededBytes = this.#options.assembler.growthOf(record);
    this.#fullSinceMs = this.#options.clock.monotonic();
    await new Promise<void>((resolve) => {
      this.#roomListener = resolve;
      if (this.#stop.signal.aborted) resolve();
      this.#trim();
    });
    this.#roomListener = undefined;
    this.#neededBytes = 0;
  }

  /** A reader that stalls has not read all there is: only the source's newest record tells. */
  async #hasReadAllSince(readBefore: number): Promise<boolean> {
    const isIdle = (): boolean => this.#window.end === readBefore && this.#roomListener === undefined;
    if (!isIdle() || !this.#options.assembler.holdsPieces) return false;
    // What is wrong with a source, reading it says.
    const head = await this.#options.source.head(this.#stop.signal).catch(() => undefined);
    const newest = head && this.#shards.get(head.position.shard)?.last;
    return isIdle() && newest !== undefined && newest.id() === head?.position.id();
  }

  async #flushJoins(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const readBefore = this.#window.end;
      await clock.sleep(flushEveryMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const hasReadAll = await this.#hasReadAllSince(readBefore);
      if (!hasReadAll) continue;
      this.#flush(clock.now() * 1000);
    }
  }

  /** One line after the other, as long as there is room for what they become. */
  #flush(nowUs: number): void {
    const { assembler, onProgress } = this.#options;
    while (this.#window.bytes <= this.#strideBytes) {
      const items = assembler.flush(nowUs);
      if (items.length === 0) return;
      for (const item of items) this.#window.push(item);
      onProgress(this);
    }
  }
}
