import type { DeadLetterStore } from '../../dead-letters/store.ts';
import { Lane } from '../../delivery/lane.ts';
import { RecordSet } from '../../delivery/record-set.ts';
import { Account } from '../../ledger/account.ts';
import { maxPauseUs } from '../../normalize/join.ts';
import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/error.ts';
import type { Judge } from '../../policy/policy.ts';
import type { Sender } from '../../sdk/adapter.ts';
import type { Logger } from '../../sdk/logger.ts';
import type { Source, StartPoint } from '../../sdk/source.ts';
import type { Assembler } from '../assembler.ts';
import { loadSender, settingsOf, type ReadyConfig } from '../destination.ts';
import { Feed } from '../feed.ts';
import { FeedPool } from '../feed-pool.ts';
import { createLetterKeeper } from '../letter-keeper.ts';
import { openLineBytes, replayFeedBytes, replayFeeds, replayLaneBytes } from '../memory-shares.ts';
import { createRefusalLog } from '../refusal-log.ts';
import { DrySender } from './dry-sender.ts';
import type { DryRun, ReplayPlan, ReplayProgress, ReplayResult } from './replay-report.ts';
import { passedOverReason, selectLines } from './select-lines.ts';
import type { Span } from './span.ts';
import { SpanSource } from './span-source.ts';
import { TokenBucket } from './token-bucket.ts';

export interface ReplayOptions {
  readonly plan: ReplayPlan;
  readonly config: ReadyConfig;
  readonly source: Source;
  /** Made for each feed, as for live ones. */
  readonly createReplayAssembler: (maxOpenBytes: number, narrow: (judge: Judge) => Judge) => Assembler;
  /** Where what the destination refuses for good is kept. */
  readonly letters: DeadLetterStore;
  /** The whole budget for events in memory, in bytes. */
  readonly memoryBytes: number;
  readonly clock: Clock;
  /** In [0, 1); jitters back-off. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly host: string;
}

/** Looking at a line and leaving it costs this part of what reading, encoding and sending one does. */
const passedOverCost = 1 / 10;
/** Slices are handed over that take about so long at the rate. */
const sliceMs = 100;
const maxSlice = 100;
/** How often it is looked whether all is done. */
const lookEveryMs = 100;

/** Reading begins before the span, so that a line that began there is recognised, and not torn. */
const leadInUs = 2 * maxPauseUs;

const undecided =
  'the last lines were refused, and the service took nothing after them that would show whether the lines are to blame';

/**
 * Lines of a span sent to a destination once more, beside its live lane: with feeds, a lane, a sender and an account of its
 * own. Nothing of it is saved.
 */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #span: Span;
  readonly #bucket: TokenBucket;
  readonly #dry: DrySender | undefined;
  readonly #lane: Lane;
  readonly #pool: FeedPool;
  readonly #account = new Account([]);
  readonly #sources = new WeakMap<Feed, SpanSource>();
  readonly #failed = new AbortController();
  readonly #startedMs: number;
  readonly #startedAtMs: number;

  constructor(options: ReplayOptions, sender: Sender) {
    const { plan, config, clock, memoryBytes } = options;
    const settings = settingsOf(config, replayLaneBytes(memoryBytes));
    this.#options = options;
    this.#span = { sinceUs: plan.sinceMs * 1000, untilUs: plan.untilMs * 1000 };
    this.#bucket = new TokenBucket(plan.linesPerSecond, clock);
    this.#dry = plan.dryRun ? new DrySender(sender, settings.limits) : undefined;
    this.#startedMs = clock.now();
    this.#startedAtMs = clock.monotonic();
    this.#pool = this.#createPool();
    this.#lane = this.#createLane(this.#dry ?? sender);
  }

  /**
   * Makes a replay with a sender of its own.
   *
   * @throws what the adapter says when it can't make one.
   */
  static async open(options: ReplayOptions): Promise<Replay> {
    return new Replay(options, await loadSender(options.config, options));
  }

  get progress(): ReplayProgress {
    const { plan } = this.#options;
    const lane = this.#lane;
    const { read, delivered, uncertain, dropped, pending } = this.#account.balance(lane.pendingRecords);
    const { [passedOverReason]: skipped = 0, ...refused } = dropped;
    const beyond = this.#piecesBeyond;
    const passedOver = skipped + beyond;
    const { condition } = lane;
    const share = this.#share;
    return {
      plan,
      startedMs: this.#startedMs,
      read: read - passedOver,
      delivered,
      uncertain,
      dropped: refused,
      pending: pending - beyond,
      passedOver,
      condition,
      parkedKeys: lane.parked.length,
      share,
      ...(condition.state === 'ok' && share > 0 && { secondsLeft: (this.#seconds * (1 - share)) / share }),
    };
  }

  /** Memory of its feeds and its lane, in bytes, as estimated. */
  get heldBytes(): number {
    return this.#pool.feeds.reduce((sum, feed) => sum + feed.heldBytes, this.#lane.heldBytes);
  }

  /** Reads and sends until all is settled, or `signal` aborts; then closes. To be called once. */
  async run(signal: AbortSignal): Promise<ReplayResult> {
    const { logger } = this.#options;
    this.#pool.start([this.#lane.main]);
    const ending = AbortSignal.any([signal, this.#failed.signal]);
    const reason = await this.#settleAll(ending).catch((error: unknown) =>
      messageOf(ending.aborted ? ending.reason : error),
    );
    // Before it is closed: what a closed feed has read nobody can tell.
    const { progress } = this;
    this.#pool.close();
    await this.#lane.close();
    const outcome = reason === '' ? 'complete' : signal.aborted ? 'canceled' : 'failed';
    const { read, delivered, uncertain, dropped, pending } = progress;
    logger.info({ outcome, read, delivered, uncertain, dropped, pending }, `replay ended${reason && `: ${reason}`}`);
    const dryRun = this.#dry && this.#dryRun(this.#dry, progress);
    return { progress, outcome, reason, seconds: this.#seconds, ...(dryRun && { dryRun }) };
  }

  get #seconds(): number {
    return (this.#options.clock.monotonic() - this.#startedAtMs) / 1000;
  }

  get #share(): number {
    if (this.#isSettled) return 1;
    const { sinceUs, untilUs } = this.#span;
    const doneUs = (this.#lane.main.safeUs ?? 0) - sinceUs;
    return Math.min(1, Math.max(0, doneUs / Math.max(1, untilUs - sinceUs)));
  }

  /** True when the lane has taken all of the span. */
  get #hasReadAll(): boolean {
    const { main } = this.#lane;
    const feed = this.#pool.feedOf(main);
    if (feed === undefined || feed.isPaused || main.isReadingAgain) return false;
    if (this.#sources.get(feed)?.isOver !== true) return false;
    return feed.starvedTracks.includes(main);
  }

  /** Pieces of lines that began after the span, when all of the span has been read: their rest is not waited for. */
  get #piecesBeyond(): number {
    if (!this.#hasReadAll) return 0;
    return [...this.#lane.main.shards.values()].reduce((sum, { openOrdinals }) => sum + openOrdinals.length, 0);
  }

  get #isSettled(): boolean {
    return this.#hasReadAll && this.#lane.pendingRecords === this.#piecesBeyond;
  }

  /** True while nothing more can be done than to wait for the destination. */
  get #isHeldUp(): boolean {
    return this.#lane.condition.state === 'denied' || this.#lane.parked.length > 0;
  }

  /** Resolves with why not all could be settled; with nothing as a rule. Rejects when `signal` aborts. */
  async #settleAll(signal: AbortSignal): Promise<string> {
    const lane = this.#lane;
    for (;;) {
      await this.#options.clock.sleep(lookEveryMs, signal);
      if (!this.#hasReadAll || this.#isHeldUp) continue;
      await lane.drain(signal);
      signal.throwIfAborted();
      if (this.#isSettled) return '';
      // Nothing is on its way, and nothing waits but lines of which the lane does not know what to think.
      if (!this.#isHeldUp) return undecided;
    }
  }

  #createPool(): FeedPool {
    const { source, clock, logger } = this.#options;
    return new FeedPool({
      createFeed: (id, start) => this.#createFeed(id, start),
      shards: source.shards,
      maxFeeds: replayFeeds,
      clock,
      logger,
      onTick: () => this.#lane.review((track) => this.#pool.isAsFarAs(track, this.#lane.main)),
      onFailed: (error) => this.#failed.abort(error),
    });
  }

  #createFeed(id: number, start: ReadonlyMap<string, StartPoint>): Feed {
    const { source, plan, createReplayAssembler, clock, memoryBytes } = this.#options;
    const selection = { destination: plan.destination, span: this.#span, service: plan.service };
    const narrow = (judge: Judge): Judge => selectLines(selection, judge, (isSent) => this.#charge(isSent));
    const maxBytes = replayFeedBytes(memoryBytes);
    const assembler = createReplayAssembler(openLineBytes(maxBytes), narrow);
    const spanSource = new SpanSource({
      source,
      span: this.#span,
      bucket: this.#bucket,
      atOnce: Math.max(1, Math.min(maxSlice, Math.floor((plan.linesPerSecond * sliceMs) / 1000))),
      oldestOpenUs: () => assembler.oldestOpenUs,
      ends: () => this.#pool.feedOf(this.#lane.main) === feed,
      clock,
    });
    const feed: Feed = new Feed(id, {
      source: spanSource,
      assembler,
      start,
      maxBytes,
      clock,
      mayBeJoined: () => this.#pool.isGathering,
      onProgress: (progressed) => this.#pool.onProgress(progressed),
      // They were told when the lines came the first time, as what is read was counted then.
      onLost: () => undefined,
      onRead: () => undefined,
    });
    this.#sources.set(feed, spanSource);
    return feed;
  }

  #charge(isSent: boolean): void {
    this.#bucket.take(isSent && this.#dry === undefined ? 1 : passedOverCost);
  }

  #createLane(sender: Sender): Lane {
    const { plan, config, source, letters, clock, random, logger, host, memoryBytes } = this.#options;
    const keepLetters = createLetterKeeper(letters);
    const sayRefused = createRefusalLog(logger, clock);
    const resume: StartPoint = { kind: 'since', timeUs: Math.max(0, this.#span.sinceUs - leadInUs) };
    return new Lane({
      // Verdicts are by the destination's name.
      name: plan.destination,
      host,
      sender,
      // What came too late for the live lane is what a replay is for; what it drops is for who asked for it to see.
      settings: { ...settingsOf(config, replayLaneBytes(memoryBytes)), maxBacklogMs: undefined, announces: false },
      starts: new Map(source.shards.map((shard) => [shard, { resume, settled: new RecordSet() }])),
      parked: [],
      skips: [],
      account: this.#account,
      clock,
      random,
      logger,
      onRoom: (track) => this.#pool.onRoom(track),
      onTrackOpened: (track) => this.#pool.add([track]),
      onTrackClosed: (track) => this.#pool.remove(track),
      onRefused: (...refused) => {
        sayRefused(...refused);
        keepLetters(...refused);
      },
    });
  }

  #dryRun(dry: DrySender, { delivered, read, passedOver, plan }: ReplayProgress): DryRun {
    const cost = delivered + passedOverCost * (read - delivered + passedOver);
    return {
      services: dry.services,
      bytes: this.#lane.billedBytes,
      restamped: dry.restamped,
      secondsAtRate: cost / plan.linesPerSecond,
    };
  }
}
