import type { Track } from '../delivery/track.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../sdk/logger.ts';
import type { StartPoint } from '../sdk/source.ts';
import type { Feed } from './feed.ts';

export interface FeedPoolOptions {
  /** Makes a feed that begins at `start`; the pool runs and closes it. */
  readonly createFeed: (id: number, start: ReadonlyMap<string, StartPoint>) => Feed;
  readonly shards: readonly string[];
  readonly maxFeeds: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called four times a second. */
  readonly onTick: () => void;
  /** A feed can't read on. */
  readonly onFailed: (error: unknown) => void;
}

/** A track that keeps a full window from moving leaves after this, once others starve. */
const fallOffAfterMs = 200;
/** A track that is slow, not refused, keeps its feed this long before another has its turn: each turn starts a reader. */
const turnMs = 5000;
/** Attaching and merging search windows, so they are not done for every chunk read. */
const tickMs = 250;

/**
 * Decides which track reads from which feed. Tracks that stand together share one; a track that is too far behind gets, or
 * waits for, a feed of its own and joins the others again when it has caught up. Nothing waits for a track that takes no
 * data.
 */
export class FeedPool {
  readonly #options: FeedPoolOptions;
  readonly #feeds: Feed[] = [];
  readonly #waiting = new Set<Track>();
  readonly #homes = new Map<Track, Feed>();
  readonly #stop = new AbortController();
  #nextId = 1;

  constructor(options: FeedPoolOptions) {
    this.#options = options;
  }

  get feeds(): readonly Feed[] {
    return this.#feeds;
  }

  /** Lanes that wait for a feed. */
  get waiting(): readonly Track[] {
    return [...this.#waiting];
  }

  /** True while a track may come to look for its place in the window of a feed that is not its own. */
  get isGathering(): boolean {
    return this.#feeds.length > 1 || this.#waiting.size > 0;
  }

  /** The feed that serves a track; undefined while it has none. */
  feedOf(track: Track): Feed | undefined {
    return this.#homes.get(track);
  }

  /** Begins to work, with these tracks. */
  start(tracks: readonly Track[]): void {
    this.add(tracks);
    void this.#tick();
  }

  /** Lets more tracks begin, as soon as there are feeds for them. Those with equal starts share one. */
  add(tracks: readonly Track[]): void {
    const groups = new Map<string, Track[]>();
    for (const track of tracks) {
      const key = JSON.stringify([...track.resume]);
      groups.set(key, [...(groups.get(key) ?? []), track]);
    }
    for (const group of groups.values()) {
      for (const track of group) this.#waiting.add(track);
      const left = group.filter((track) => !this.#feeds.some((feed) => this.#attachWithin(track, feed)));
      if (this.#feeds.length >= this.#options.maxFeeds) continue;
      for (const track of left) this.#waiting.delete(track);
      this.#open(left);
    }
  }

  /** Lets a track end. */
  remove(track: Track): void {
    this.#waiting.delete(track);
    const feed = this.#homes.get(track);
    if (feed === undefined) return;
    this.#homes.delete(track);
    feed.detach(track);
    this.#closeIfEmpty(feed);
  }

  /** True when both read from one feed, and the first has taken all that the second has. */
  isAsFarAs(track: Track, other: Track): boolean {
    const feed = this.#homes.get(track);
    const isShared = feed !== undefined && feed === this.#homes.get(other);
    return isShared && !other.isReadingAgain && feed.isAsFarAs(track, other);
  }

  /** To be called when a track that was full takes again. */
  onRoom(track: Track): void {
    if (this.#stop.signal.aborted) return;
    const feed = this.#homes.get(track);
    if (feed === undefined) this.#place(track);
    else feed.pump(track);
  }

  /** To be called when a feed has read. */
  onProgress(feed: Feed): void {
    for (const track of feed.tracks) feed.pump(track);
  }

  /** Ends all reading. May be called twice. */
  close(): void {
    this.#stop.abort(new Error('the pool is closed'));
    for (const feed of this.#feeds) feed.close();
  }

  async #tick(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#options.clock.sleep(tickMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      for (const feed of this.#feeds.slice()) {
        this.#wake(feed);
        this.#dropHolders(feed);
        this.#merge(feed);
      }
      for (const track of this.waiting) this.#place(track);
      this.#options.onTick();
    }
  }

  /** Whoever found no room and was not told of what came since. */
  #wake(feed: Feed): void {
    if (feed.isPaused) for (const track of feed.tracks) if (track.hasRoom) feed.pump(track);
  }

  /** A window that can't move on goes on without those who hold it, as soon as someone else needs it to. */
  #dropHolders(feed: Feed): void {
    const isStarving = feed.fullForMs() >= fallOffAfterMs && feed.starvedTracks.some((track) => track.hasRoom);
    if (!isStarving && !(feed.isPaused && this.#isWantedByWaiting(feed))) return;
    for (const track of feed.holdingTracks) this.#fallOff(track, feed);
    this.#closeIfEmpty(feed);
  }

  #isWantedByWaiting(feed: Feed): boolean {
    const isRefused = feed.tracks.every((track) => track.isRefused);
    const hadItsTurn = isRefused || this.#options.clock.monotonic() - feed.openedAtMs >= turnMs;
    return hadItsTurn && this.#feeds.length >= this.#options.maxFeeds && this.waiting.some((track) => track.hasRoom);
  }

  #fallOff(track: Track, feed: Feed): void {
    feed.detach(track);
    this.#homes.delete(track);
    this.#waiting.add(track);
    this.#options.logger.info(
      { destination: track.name },
      'destination is behind: it goes on from its own cursor later',
    );
  }

  /** Lanes of a later feed that have caught up with an earlier one move over. */
  #merge(feed: Feed): void {
    for (const track of feed.starvedTracks) {
      const target = this.#feeds.find((other) => other.id < feed.id && this.#tryAttach(track, other));
      if (target === undefined) continue;
      feed.detach(track);
      this.#homes.set(track, target);
      target.pump(track);
    }
    this.#closeIfEmpty(feed);
  }

  #place(track: Track): void {
    if (!track.hasRoom || !this.#waiting.has(track)) return;
    if (this.#feeds.some((feed) => this.#attachWithin(track, feed))) return;
    if (this.#feeds.length >= this.#options.maxFeeds) return;
    this.#waiting.delete(track);
    this.#open([track]);
  }

  #attachWithin(track: Track, feed: Feed): boolean {
    if (!this.#tryAttach(track, feed)) return false;
    this.#waiting.delete(track);
    this.#homes.set(track, feed);
    feed.pump(track);
    return true;
  }

  /** Attaches a track behind the record that it took last, where the feed's window still holds that one. */
  #tryAttach(track: Track, feed: Feed): boolean {
    const cursors = new Map<string, string>();
    for (const shard of this.#options.shards) {
      const cursor = this.#lastTaken(track, shard);
      if (cursor === undefined) return false;
      cursors.set(shard, cursor);
    }
    return feed.attachAfter(track, cursors);
  }

  #lastTaken(track: Track, shard: string): string | undefined {
    const progress = track.shards.get(shard);
    const newest = progress?.settlement.newest;
    if (newest !== undefined) return newest.cursor();
    return progress?.resume.kind === 'after' ? progress.resume.cursor : undefined;
  }

  /**
   * Tracks that stand at one place get a feed from their low-water mark: what is in flight is read again, recognised and
   * not taken twice.
   */
  #open(tracks: readonly Track[]): void {
    const [first] = tracks;
    if (first === undefined) return;
    const feed = this.#options.createFeed(this.#nextId++, first.resume);
    this.#feeds.push(feed);
    for (const track of tracks) {
      feed.attachAtStart(track);
      this.#homes.set(track, feed);
    }
    feed.run().then(
      () => this.#forget(feed),
      (error: unknown) => {
        this.#forget(feed);
        this.#options.onFailed(error);
      },
    );
  }

  #closeIfEmpty(feed: Feed): void {
    if (feed.tracks.length > 0) return;
    feed.close();
    this.#forget(feed);
  }

  #forget(feed: Feed): void {
    const at = this.#feeds.indexOf(feed);
    if (at !== -1) this.#feeds.splice(at, 1);
  }
}
