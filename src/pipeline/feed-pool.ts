import type { Lane } from '../delivery/lane.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../sdk/logger.ts';
import type { StartPoint } from '../sdk/source.ts';
import type { Feed } from './feed.ts';

export interface FeedPoolOptions {
  /** Makes a feed that begins at `start`; the pool runs and closes it. */
  readonly createFeed: (id: number, start: ReadonlyMap<string, StartPoint>, pool: FeedPool) => Feed;
  readonly shards: readonly string[];
  readonly maxFeeds: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A feed can't read on. */
  readonly onFailed: (error: unknown) => void;
}

/** Where a lane that has no feed resumes, per shard. */
type Starts = ReadonlyMap<string, StartPoint>;

/** A lane that keeps a full window from moving leaves after this, once others starve. */
const fallOffAfterMs = 200;
/** A lane that is slow, not refused, keeps its feed this long before another has its turn: each turn starts a reader. */
const turnMs = 5000;
/** Attaching and merging search windows, so they are not done for every chunk read. */
const tickMs = 100;

/**
 * Decides which lane reads from which feed. Lanes that stand together share one; a lane that is too far behind gets, or
 * waits for, a feed of its own and joins the others again when it has caught up. Nothing waits for a lane that takes no
 * data.
 */
export class FeedPool {
  readonly #options: FeedPoolOptions;
  readonly #feeds: Feed[] = [];
  readonly #waiting = new Set<Lane>();
  readonly #homes = new Map<Lane, Feed>();
  /** Where lanes that never took an item begin. */
  readonly #initialStarts = new Map<Lane, Starts>();
  readonly #stop = new AbortController();
  #nextId = 1;

  constructor(options: FeedPoolOptions) {
    this.#options = options;
  }

  get feeds(): readonly Feed[] {
    return this.#feeds;
  }

  /** Lanes that wait for a feed. */
  get waiting(): readonly Lane[] {
    return [...this.#waiting];
  }

  /** The feed that serves a lane; undefined while it has none. */
  feedOf(lane: Lane): Feed | undefined {
    return this.#homes.get(lane);
  }

  /** Lets lanes begin. Lanes with equal starts share a feed. */
  start(lanes: ReadonlyMap<Lane, Starts>): void {
    const groups = new Map<string, Lane[]>();
    for (const [lane, starts] of lanes) {
      this.#initialStarts.set(lane, starts);
      const key = JSON.stringify([...starts]);
      groups.set(key, [...(groups.get(key) ?? []), lane]);
    }
    for (const group of groups.values()) {
      const [first] = group;
      const starts = first === undefined ? undefined : lanes.get(first);
      if (starts === undefined) continue;
      if (this.#feeds.length < this.#options.maxFeeds) this.#open(starts, group);
      else for (const lane of group) this.#waiting.add(lane);
    }
    void this.#tick();
  }

  /** To be called when a lane that was full takes again. */
  onRoom(lane: Lane): void {
    if (this.#stop.signal.aborted) return;
    const feed = this.#homes.get(lane);
    if (feed === undefined) this.#place(lane);
    else feed.pump(lane);
  }

  /** To be called when a feed has read. */
  onProgress(feed: Feed): void {
    for (const lane of feed.lanes) feed.pump(lane);
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
        this.#dropHolders(feed);
        this.#merge(feed);
      }
      for (const lane of this.waiting) this.#place(lane);
    }
  }

  /** A window that can't move on goes on without those who hold it, as soon as someone else needs it to. */
  #dropHolders(feed: Feed): void {
    if (feed.fullForMs() < fallOffAfterMs) return;
    const isNeeded = feed.starvedLanes.some((lane) => lane.hasRoom) || this.#isWantedByWaiting(feed);
    if (!isNeeded) return;
    for (const lane of feed.holdingLanes) this.#fallOff(lane, feed);
    this.#closeIfEmpty(feed);
  }

  #isWantedByWaiting(feed: Feed): boolean {
    const isRefused = feed.lanes.every((lane) => lane.condition.state !== 'ok');
    const hadItsTurn = isRefused || this.#options.clock.monotonic() - feed.openedAtMs >= turnMs;
    return hadItsTurn && this.#feeds.length >= this.#options.maxFeeds && this.waiting.some((lane) => lane.hasRoom);
  }

  #fallOff(lane: Lane, feed: Feed): void {
    feed.detach(lane);
    this.#homes.delete(lane);
    this.#waiting.add(lane);
    this.#options.logger.info(
      { destination: lane.name },
      'destination is behind: it goes on from its own cursor later',
    );
  }

  /** Lanes of a later feed that have caught up with an earlier one move over. */
  #merge(feed: Feed): void {
    for (const lane of feed.starvedLanes) {
      const target = this.#feeds.find((other) => other.id < feed.id && this.#tryAttach(lane, other));
      if (target === undefined) continue;
      feed.detach(lane);
      this.#homes.set(lane, target);
      target.pump(lane);
    }
    this.#closeIfEmpty(feed);
  }

  #place(lane: Lane): void {
    if (!lane.hasRoom || !this.#waiting.has(lane)) return;
    if (this.#feeds.some((feed) => this.#attachWithin(lane, feed))) return;
    if (this.#feeds.length >= this.#options.maxFeeds) return;
    this.#waiting.delete(lane);
    this.#open(this.#resumeStarts(lane), [lane]);
  }

  #attachWithin(lane: Lane, feed: Feed): boolean {
    if (!this.#tryAttach(lane, feed)) return false;
    this.#waiting.delete(lane);
    this.#homes.set(lane, feed);
    feed.pump(lane);
    return true;
  }

  /** Attaches a lane behind the record that it took last, where the feed's window still holds that one. */
  #tryAttach(lane: Lane, feed: Feed): boolean {
    const cursors = new Map<string, string>();
    for (const shard of this.#options.shards) {
      const cursor = this.#lastTaken(lane, shard);
      if (cursor === undefined) return false;
      cursors.set(shard, cursor);
    }
    return feed.attachAfter(lane, cursors);
  }

  #lastTaken(lane: Lane, shard: string): string | undefined {
    const newest = lane.progressOf(shard)?.settlement.newest;
    if (newest !== undefined) return newest.cursor();
    const start = this.#initialStarts.get(lane)?.get(shard);
    return start?.kind === 'after' ? start.cursor : undefined;
  }

  /** From the low-water mark: what is in flight is read again, recognised and not taken twice. */
  #resumeStarts(lane: Lane): Starts {
    const starts = new Map<string, StartPoint>();
    for (const shard of this.#options.shards) {
      const safe = lane.prefixOf(shard)?.position;
      const initial = this.#initialStarts.get(lane)?.get(shard);
      if (safe !== undefined) starts.set(shard, { kind: 'after', cursor: safe.cursor() });
      else if (initial !== undefined) starts.set(shard, initial);
    }
    return starts;
  }

  #open(starts: Starts, lanes: readonly Lane[]): void {
    const feed = this.#options.createFeed(this.#nextId++, starts, this);
    this.#feeds.push(feed);
    for (const lane of lanes) {
      feed.attachAtStart(lane);
      this.#homes.set(lane, feed);
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
    if (feed.lanes.length > 0) return;
    feed.close();
    this.#forget(feed);
  }

  #forget(feed: Feed): void {
    const at = this.#feeds.indexOf(feed);
    if (at !== -1) this.#feeds.splice(at, 1);
  }
}
