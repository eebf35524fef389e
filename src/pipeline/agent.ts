import type { CheckpointStore } from '../checkpoint/store.ts';
import type { DestinationConfig } from '../config/config.ts';
import { forgetSecrets } from '../config/forget-secrets.ts';
import { StateError } from '../checkpoint/store.ts';
import { QueueRoom } from '../dead-letters/queue-room.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/error.ts';
import type { Logger } from '../sdk/logger.ts';
import type { Source, SourceCheck, SourceHead, Start, StartPoint } from '../sdk/source.ts';
import { type AgentPlan, changesBetween, type DestinationChange, isSameIn } from './agent-plan.ts';
import { createDestination, type Destination, type RunningDestination } from './destination.ts';
import { destinationStatus } from './destination-status.ts';
import { FeedPool } from './feed-pool.ts';
import { Feed } from './feed.ts';
import { createLossLog } from './loss-log.ts';
import { feedBytes, laneBytes, letterBytes, liveFeeds, openLineBytes } from './memory-shares.ts';
import type { ReaderView } from './reader-watch.ts';
import { renameDestination } from './rename-destination.ts';
import { Replays } from './replay/replays.ts';
import type { AgentStatus } from './status.ts';

export interface AgentOptions {
  readonly plan: AgentPlan;
  /** The state directory. */
  readonly state: string;
  readonly store: CheckpointStore;
  /** One budget for all events in memory, in bytes. */
  readonly memoryBytes: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: (component: string) => Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly host: string;
  /** Reading ended for good; the agent should stop. */
  readonly onSourceFailed: (error: unknown) => void;
}

/** What a stop left behind: safe in the source, sent after the next start. */
export interface Remainder {
  readonly destination: string;
  readonly pending: number;
}

/** The newest record is asked for at most this often. */
const headAgeMs = 5000;
/** A source that hangs must not hang who asks how things are. */
const headLimitMs = 10_000;

/** One source, its feeds, the lanes of all destinations and their checkpoints. */
export class Agent {
  readonly #options: AgentOptions;
  #plan: AgentPlan;
  #pool: FeedPool;
  #replays: Replays;
  readonly #stop = new AbortController();
  readonly #sayLost: ReturnType<typeof createLossLog>;
  #resolvedStarts = new Map<string, Promise<ReadonlyMap<string, StartPoint>>>();
  #changing: Promise<unknown> = Promise.resolve();
  #destinations: readonly Destination[] = [];
  /** Those that a reload ends, while they send what they hold. */
  #ending: readonly RunningDestination[] = [];
  readonly #letterRoom: QueueRoom;
  #check: SourceCheck = {
    description: '',
    warnings: [],
    hidden: undefined,
    gapDetection: { state: 'off', reason: 'nothing was read yet' },
  };
  #head: { readonly value: SourceHead | undefined; readonly atMs: number } | undefined;
  #recordsRead = 0;
  #bytesRead = 0;
  #sourceProblem: string | undefined;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#plan = options.plan;
    this.#sayLost = createLossLog(options.logger('source'));
    this.#letterRoom = new QueueRoom(letterBytes(options.memoryBytes));
    this.#pool = this.#createPool();
    this.#replays = this.#createReplays();
  }

  get destinations(): readonly Destination[] {
    return this.#destinations;
  }

  /** What is sent once more, beside the live lanes; others after a reload. */
  get replays(): Replays {
    return this.#replays;
  }

  /** Memory of all that is held of events, in bytes, as estimated. */
  get heldBytes(): number {
    const lanes = [...this.#running, ...this.#ending].reduce((sum, { lane }) => sum + lane.heldBytes, 0);
    return this.#feedBytes + lanes + this.#replays.heldBytes + this.#letterRoom.usedBytes;
  }

  /** All that read the source at the moment. */
  get readers(): readonly ReaderView[] {
    return this.#pool.feeds;
  }

  get source(): Source {
    return this.#plan.source;
  }

  /**
   * Checks source and state, then ships until {@link Agent.stop}.
   *
   * @throws {SourceError} when the source can't be read.
   * @throws {StateError} when the state directory or a checkpoint can't be used.
   */
  async start(): Promise<void> {
    const { store } = this.#options;
    const { source, destinations } = this.#plan;
    await store.prepare();
    this.#check = await source.check(this.#stop.signal);
    await this.#takeOver(destinations);
    await this.#retireOthers(destinations);
    await this.#addMissing();
    if (this.#stop.signal.aborted) return void (await this.stop());
    this.#pool.start([]);
  }

  /**
   * Goes on under another configuration. Destinations of which nothing changed go on as they are, in the middle of what
   * they send, unless they hold more than is theirs from now on; all read on from where they stand, by the new rules.
   */
  async reload(plan: AgentPlan): Promise<readonly DestinationChange[]> {
    const done = this.#changing.then(() => this.#reload(plan));
    this.#changing = done.catch(() => undefined);
    return await done;
  }

  /** Stops reading, sends what is held within each destination's limit, and saves checkpoints. */
  async stop(): Promise<readonly Remainder[]> {
    this.#stop.abort(new Error('the agent stops'));
    this.#pool.close();
    await this.#changing;
    // What they find to be refused goes to the letters.
    await this.#replays.close('the agent stops');
    await Promise.all(this.#running.map(endDestination));
    return this.#running
      .map(({ name, lane }) => ({ destination: name, pending: lane.pendingRecords }))
      .filter(({ pending }) => pending > 0);
  }

  async status(): Promise<AgentStatus> {
    const head = await this.newest();
    const moment = { source: this.#plan.source, head, nowMs: this.#options.clock.now() };
    const { feeds } = this.#pool;
    return {
      source: { name: this.#plan.source.name, ...this.#check, reader: this.#plan.source.reader?.() },
      recordsRead: this.#recordsRead,
      bytesRead: this.#bytesRead,
      feeds: feeds.length,
      windowBytes: this.#feedBytes,
      sourceProblem: this.#sourceProblem,
      destinations: this.#running.map((destination) => destinationStatus(destination, moment)),
      denied: this.#destinations.flatMap((destination) =>
        destination.kind === 'denied' ? [{ name: destination.name, reason: destination.condition.reason }] : [],
      ),
      replays: this.#replays.progress,
    };
  }

  get #running(): readonly RunningDestination[] {
    return this.#destinations.filter((destination) => destination.kind === 'running');
  }

  async #reload(plan: AgentPlan): Promise<readonly DestinationChange[]> {
    await this.#replays.close('the configuration is loaded anew');
    if (this.#stop.signal.aborted) return [];
    this.#pool.close();
    const before = this.#plan;
    const mostBytes = this.#laneBytesIn(plan);
    const isKept = (one: Destination): boolean =>
      one.kind === 'running' && isSameIn(before, plan, one.name) && one.lane.heldBytes <= mostBytes;
    const kept = this.#destinations.filter(isKept);
    for (const { options } of this.#running) forgetSecrets(options);
    this.#ending = this.#running.filter((each) => !isKept(each));
    this.#plan = plan;
    this.#head = undefined;
    this.#resolvedStarts = new Map();
    this.#destinations = kept;
    this.#readOn(Math.min(mostBytes, this.#laneBytesIn(before)));
    await Promise.all(this.#ending.map(endDestination));
    this.#ending = [];
    for (const { lane } of this.#running) lane.limitMemory(mostBytes);
    await this.#takeOver(plan.destinations);
    await this.#retireOthers(plan.destinations);
    await this.#addMissing();
    this.#replays = this.#createReplays();
    return changesBetween(
      before,
      plan,
      kept.map(({ name }) => name),
    );
  }

  /** Lanes that are there read on by the plan of now: what is in flight is read again and recognised. */
  #readOn(mostLaneBytes: number): void {
    for (const { lane } of this.#running) lane.limitMemory(mostLaneBytes);
    this.#pool = this.#createPool();
    this.#pool.start(this.#running.flatMap(({ lane }) => lane.tracks));
  }

  /** Makes the destinations of the plan that are not there yet, and lets them begin. */
  async #addMissing(): Promise<void> {
    const made: Destination[] = [];
    for (const config of this.#plan.destinations) {
      if (config.status === 'off') continue;
      const known = this.#destinations.find(({ name }) => name === config.name);
      made.push(known ?? (await this.#createDestination(config)));
    }
    const before = new Set(this.#destinations);
    this.#destinations = made;
    const added = this.#running.filter((each) => !before.has(each));
    await Promise.all(added.map(({ saver }) => saver.start()));
    if (!this.#stop.signal.aborted) this.#pool.add(added.map(({ lane }) => lane.main));
  }

  /** A destination that got another name takes over what the old name had. */
  async #takeOver(destinations: readonly DestinationConfig[]): Promise<void> {
    const { state, store, logger } = this.#options;
    for (const config of destinations) {
      const from = config.status === 'ready' ? config.lane.renamedFrom : undefined;
      if (from === undefined || destinations.some(({ name }) => name === from)) continue;
      if (await renameDestination(store, state, from, config.name)) {
        logger(config.name).info({ from }, 'goes on where the destination of the former name was');
      }
    }
  }

  /** What is not in the configuration, or off, begins anew when it is again. */
  async #retireOthers(destinations: readonly DestinationConfig[]): Promise<void> {
    const { store, logger } = this.#options;
    const present = new Set(destinations.filter(({ status }) => status !== 'off').map(({ name }) => name));
    for (const name of await store.names()) {
      if (present.has(name)) continue;
      await store.retire(name);
      logger(name).info({}, 'is not in the configuration any more, or off: its checkpoint is set aside');
    }
  }

  get #feedBytes(): number {
    return this.#pool.feeds.reduce((sum, feed) => sum + feed.heldBytes, 0);
  }

  #laneBytesIn({ destinations }: AgentPlan): number {
    return laneBytes(this.#options.memoryBytes, destinations.filter(({ status }) => status !== 'off').length);
  }

  #createReplays(): Replays {
    const { destinations: configs, ...plan } = this.#plan;
    return new Replays({ ...this.#options, ...plan, configs, destinations: () => this.#destinations });
  }

  #createPool(): FeedPool {
    const { clock, logger, onSourceFailed } = this.#options;
    const pool: FeedPool = new FeedPool({
      createFeed: (id, start) => this.#createFeed(pool, id, start),
      shards: this.#plan.source.shards,
      maxFeeds: liveFeeds,
      clock,
      logger: logger('feeds'),
      onTick: () => this.#reviewParked(),
      onFailed: (error) => {
        this.#sourceProblem = messageOf(error);
        onSourceFailed(error);
      },
    });
    return pool;
  }

  async #createDestination(config: Exclude<DestinationConfig, { status: 'off' }>): Promise<Destination> {
    if (config.status === 'denied') return denied(config.name, config.problem);
    const { state, store, clock, random, logger, environment, host } = this.#options;
    const { source, start } = this.#plan;
    try {
      return await createDestination(config, {
        state,
        store,
        source,
        start: config.lane.start ?? start,
        resolveStart: (asked) => this.#resolveStart(asked),
        clock,
        random,
        logger,
        environment,
        host,
        laneBytes: this.#laneBytesIn(this.#plan),
        letterRoom: this.#letterRoom,
        onRoom: (track) => this.#pool.onRoom(track),
        onTrackOpened: (track) => this.#pool.add([track]),
        onTrackClosed: (track) => this.#pool.remove(track),
      });
    } catch (error) {
      if (error instanceof StateError) throw error;
      logger(config.name).error({}, `destination can't be started: ${messageOf(error)}`);
      return denied(config.name, messageOf(error));
    }
  }

  /** Equal starts give one and the same point, so that their lanes share a feed. */
  #resolveStart(start: Start): Promise<ReadonlyMap<string, StartPoint>> {
    const { source } = this.#plan;
    const key = JSON.stringify(start);
    const resolved =
      this.#resolvedStarts.get(key) ??
      source
        .resolveStart(start, this.#stop.signal)
        .then((point) => new Map(source.shards.map((shard): [string, StartPoint] => [shard, point])));
    this.#resolvedStarts.set(key, resolved);
    return resolved;
  }

  #createFeed(pool: FeedPool, id: number, start: ReadonlyMap<string, StartPoint>): Feed {
    const { clock, memoryBytes } = this.#options;
    const { source, createAssembler } = this.#plan;
    const maxBytes = feedBytes(memoryBytes);
    return new Feed(id, {
      source,
      assembler: createAssembler(openLineBytes(maxBytes)),
      start,
      maxBytes,
      clock,
      mayBeJoined: () => pool.isGathering || this.#running.some(({ lane }) => lane.hasParked),
      onProgress: (feed) => pool.onProgress(feed),
      onLost: this.#sayLost,
      onRead: (records, bytes) => {
        this.#recordsRead += records;
        this.#bytesRead += bytes;
      },
    });
  }

  /** The source's newest record, no older than some seconds; undefined when there is none, or nobody can tell. */
  async newest(): Promise<SourceHead | undefined> {
    const { clock, logger } = this.#options;
    const { source } = this.#plan;
    const isFresh = this.#head !== undefined && clock.monotonic() - this.#head.atMs < headAgeMs;
    if (isFresh || this.#stop.signal.aborted) return this.#head?.value;
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(headLimitMs)]);
    try {
      this.#head = { value: await source.head(signal), atMs: clock.monotonic() };
    } catch (error) {
      logger('source').debug({}, `newest record unknown: ${messageOf(error)}`);
      this.#head = { value: undefined, atMs: clock.monotonic() };
    }
    return this.#head.value;
  }

  #reviewParked(): void {
    for (const { lane } of this.#running) lane.review((track) => this.#pool.isAsFarAs(track, lane.main));
  }
}

/** Sends what is held within the destination's limit, saves its checkpoint, and frees what it holds. */
const endDestination = async ({ lane, letters, saver, drainMs }: RunningDestination): Promise<void> => {
  await lane.drain(AbortSignal.timeout(drainMs));
  await saver.close();
  await lane.close();
  await letters.close();
};

const denied = (name: string, problem: string): Destination => ({
  kind: 'denied',
  name,
  condition: { state: 'denied', reason: problem },
});
