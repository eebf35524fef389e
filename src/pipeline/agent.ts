import type { CheckpointStore } from '../checkpoint/store.ts';
import type { DestinationConfig } from '../config/config.ts';
import { StateError } from '../checkpoint/store.ts';
import type { Lane } from '../delivery/lane.ts';
import { unexplained } from '../ledger/balance.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/error.ts';
import type { Logger } from '../sdk/logger.ts';
import type { Source, SourceCheck, SourceHead, Start, StartPoint } from '../sdk/source.ts';
import type { Assembler } from './assembler.ts';
import { backlogOf } from './backlog-alarms.ts';
import { createDestination, type Destination, type RunningDestination } from './destination.ts';
import { FeedPool } from './feed-pool.ts';
import { Feed } from './feed.ts';
import { createLossLog } from './loss-log.ts';
import type { ReaderView } from './reader-watch.ts';
import { type AgentStatus, type DestinationStatus, maxShownParked } from './status.ts';

export interface AgentOptions {
  readonly source: Source;
  /** Where a destination without a checkpoint begins, unless it says otherwise. */
  readonly start: Start;
  readonly destinations: readonly DestinationConfig[];
  /** The state directory. */
  readonly state: string;
  readonly store: CheckpointStore;
  /** Made for each feed: it holds the joins that are open at the feed's position. */
  readonly createAssembler: () => Assembler;
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

/** Readers at once: the live one, and two for lanes that are behind. */
const maxFeeds = 3;
/** The newest record is asked for at most this often. */
const headAgeMs = 5000;
/** A source that hangs must not hang who asks how things are. */
const headLimitMs = 10_000;

/** One source, its feeds, the lanes of all destinations and their checkpoints. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #pool: FeedPool;
  readonly #stop = new AbortController();
  readonly #sayLost: ReturnType<typeof createLossLog>;
  readonly #resolvedStarts = new Map<string, Promise<ReadonlyMap<string, StartPoint>>>();
  #destinations: readonly Destination[] = [];
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
    const { source, clock } = options;
    this.#sayLost = createLossLog(options.logger('source'));
    this.#pool = new FeedPool({
      createFeed: (id, start) => this.#createFeed(id, start),
      shards: source.shards,
      maxFeeds,
      clock,
      logger: options.logger('feeds'),
      onTick: () => this.#reviewParked(),
      onFailed: (error) => {
        this.#sourceProblem = messageOf(error);
        options.onSourceFailed(error);
      },
    });
  }

  get destinations(): readonly Destination[] {
    return this.#destinations;
  }

  /** All that read the source at the moment. */
  get readers(): readonly ReaderView[] {
    return this.#pool.feeds;
  }

  get source(): Source {
    return this.#options.source;
  }

  /**
   * Checks source and state, then ships until {@link Agent.stop}.
   *
   * @throws {SourceError} when the source can't be read.
   * @throws {StateError} when the state directory or a checkpoint can't be used.
   */
  async start(): Promise<void> {
    const { source, store, destinations } = this.#options;
    await store.prepare();
    this.#check = await source.check(this.#stop.signal);
    const made: Destination[] = [];
    for (const config of destinations) {
      if (config.status === 'denied') made.push(denied(config.name, config.problem));
      if (config.status === 'ready') made.push(await this.#createDestination(config));
    }
    this.#destinations = made;
    await Promise.all(this.#running.map(({ saver }) => saver.start()));
    if (this.#stop.signal.aborted) return void (await this.stop());
    this.#pool.start(this.#running.map(({ lane }) => lane.main));
  }

  /** Stops reading, sends what is held within each destination's limit, and saves checkpoints. */
  async stop(): Promise<readonly Remainder[]> {
    this.#stop.abort(new Error('the agent stops'));
    this.#pool.close();
    await Promise.all(
      this.#running.map(async ({ lane, letters, saver, drainMs }) => {
        await lane.drain(AbortSignal.timeout(drainMs));
        await saver.close();
        await lane.close();
        await letters.close();
      }),
    );
    return this.#running
      .map(({ name, lane }) => ({ destination: name, pending: lane.pendingRecords }))
      .filter(({ pending }) => pending > 0);
  }

  async status(): Promise<AgentStatus> {
    const head = await this.newest();
    const { feeds } = this.#pool;
    return {
      source: { name: this.#options.source.name, ...this.#check },
      recordsRead: this.#recordsRead,
      bytesRead: this.#bytesRead,
      feeds: feeds.length,
      windowBytes: feeds.reduce((sum, feed) => sum + feed.windowBytes, 0),
      sourceProblem: this.#sourceProblem,
      destinations: this.#running.map((destination) => this.#statusOf(destination, head)),
      denied: this.#destinations.flatMap((destination) =>
        destination.kind === 'denied' ? [{ name: destination.name, reason: destination.condition.reason }] : [],
      ),
    };
  }

  get #running(): readonly RunningDestination[] {
    return this.#destinations.filter((destination) => destination.kind === 'running');
  }

  async #createDestination(config: DestinationConfig & { status: 'ready' }): Promise<Destination> {
    const { state, source, store, clock, random, logger, environment, host, memoryBytes, destinations } = this.#options;
    try {
      return await createDestination(config, {
        state,
        store,
        source,
        resolveStart: (start) => this.#resolveStart(start ?? this.#options.start),
        clock,
        random,
        logger,
        environment,
        host,
        laneBytes: memoryBytes / 2 / destinations.length,
        onRoom: (track) => this.#pool.onRoom(track),
        onTrackOpened: (track) => this.#pool.add(track),
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
    const { source } = this.#options;
    const key = JSON.stringify(start);
    const resolved =
      this.#resolvedStarts.get(key) ??
      source
        .resolveStart(start, this.#stop.signal)
        .then((point) => new Map(source.shards.map((shard): [string, StartPoint] => [shard, point])));
    this.#resolvedStarts.set(key, resolved);
    return resolved;
  }

  #createFeed(id: number, start: ReadonlyMap<string, StartPoint>): Feed {
    const { source, createAssembler, clock, memoryBytes } = this.#options;
    return new Feed(id, {
      source,
      assembler: createAssembler(),
      start,
      windowBytes: memoryBytes / 2 / maxFeeds,
      clock,
      onProgress: (feed) => this.#pool.onProgress(feed),
      onLost: this.#sayLost,
      onRead: (records, bytes) => {
        this.#recordsRead += records;
        this.#bytesRead += bytes;
      },
    });
  }

  /** The source's newest record, no older than some seconds; undefined when there is none, or nobody can tell. */
  async newest(): Promise<SourceHead | undefined> {
    const { clock, source, logger } = this.#options;
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

  #statusOf(destination: RunningDestination, head: SourceHead | undefined): DestinationStatus {
    const { name, type, lane, letters, account, saver } = destination;
    const balance = account.balance(lane.pendingRecords);
    return {
      name,
      type,
      condition: lane.condition,
      balance,
      unexplained: unexplained(balance),
      resent: lane.resentEvents,
      originated: lane.originatedEvents,
      billedBytes: lane.billedBytes,
      ...this.#lagOf(destination, head),
      ...parkedIn(lane),
      ...backlogOf(destination),
      checkpointProblem: saver.problem,
      deadLetters: letters.summary,
    };
  }

  #reviewParked(): void {
    for (const { lane } of this.#running) lane.review((track) => this.#pool.isAsFarAs(track, lane.main));
  }

  #lagOf({ lane }: RunningDestination, head: SourceHead | undefined) {
    const [progress] = lane.main.shards.values();
    const safe = progress?.settlement.safe;
    const cursor = progress?.resume.kind === 'after' ? progress.resume.cursor : undefined;
    // What is known of the newest record is some seconds old: the lane may be past it.
    const isPast = head !== undefined && safe !== undefined && safe.receivedUs > head.position.receivedUs;
    if (head === undefined || isPast || head.position.cursor() === cursor)
      return { lagLines: lane.pendingRecords, lagSeconds: 0 };
    const lagLines = cursor === undefined ? undefined : this.#options.source.recordsBetween(cursor, head.position);
    const nowUs = this.#options.clock.now() * 1000;
    const waitedUs = lane.oldestPendingUs === undefined ? 0 : nowUs - lane.oldestPendingUs;
    const unreadUs = safe === undefined ? 0 : head.position.receivedUs - safe.receivedUs;
    return { lagLines, lagSeconds: Math.max(0, lane.oldestPendingUs === undefined ? unreadUs : waitedUs) / 1_000_000 };
  }
}

const parkedIn = ({
  parked,
  parkedRecords,
}: Lane): Pick<DestinationStatus, 'parked' | 'parkedKeys' | 'parkedLines'> => ({
  parked: parked
    .map(({ key, reason, sinceMs, outstanding }) => ({ key, reason, sinceMs, lines: outstanding.total }))
    .toSorted((one, other) => one.sinceMs - other.sinceMs)
    .slice(0, maxShownParked),
  parkedKeys: parked.length,
  parkedLines: parkedRecords,
});

const denied = (name: string, problem: string): Destination => ({
  kind: 'denied',
  name,
  condition: { state: 'denied', reason: problem },
});
