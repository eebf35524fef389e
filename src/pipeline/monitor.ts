import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../sdk/logger.ts';
import type { GapDetection } from '../sdk/source.ts';
import type { Agent } from './agent.ts';
import { BacklogAlarms, backlogOf } from './backlog-alarms.ts';
import { ConditionWatch } from './condition-watch.ts';
import type { RunningDestination } from './destination.ts';
import { QueueAlarm } from './queue-alarm.ts';
import { queueStatusOf } from './queue-status.ts';
import { ReaderWatch } from './reader-watch.ts';
import { secondsUntilLoss } from './seconds-until-loss.ts';
import { SourceWatch } from './source-watch.ts';
import type { AgentStatus, DestinationStatus, ReaderStatus } from './status.ts';

export interface MonitorOptions {
  readonly agent: Agent;
  readonly clock: Clock;
  /** What all events in memory may take, in bytes. */
  readonly memoryBytes: number;
  /** What goes where, in one line. */
  readonly routing: string;
  readonly logger: Logger;
}

/** To the second is how exact "since when" is. */
const tickMs = 1000;
/** The source's files are looked at, a hundred of them maybe. */
const surveyMs = 30_000;
/** Who looks at a source that hangs is not to wait for ever. */
const surveyLimitMs = 20_000;

/** Looks at a running agent every second, for what only shows over time: since when, for how long, how fast. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #startedMs: number;
  readonly #readers: ReaderWatch;
  readonly #conditions = new Map<string, ConditionWatch>();
  #routing: string;
  readonly #source: SourceWatch;
  readonly #queueAlarm: QueueAlarm;
  readonly #backlogAlarms: BacklogAlarms;
  readonly #stop = new AbortController();
  #isLookingUp = false;
  #isSurveying = false;
  #surveyedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: MonitorOptions) {
    const { clock, agent, logger } = options;
    this.#options = options;
    this.#source = new SourceWatch(() => agent.source, logger);
    this.#queueAlarm = new QueueAlarm(logger);
    this.#backlogAlarms = new BacklogAlarms(logger);
    this.#startedMs = clock.now();
    this.#routing = options.routing;
    this.#readers = new ReaderWatch(clock.monotonic());
  }

  /** Begins to look; until {@link Monitor.close}. */
  start(): void {
    void this.#run();
  }

  /** From now on this goes where, in one line. */
  route(routing: string): void {
    this.#routing = routing;
  }

  /** May be called twice. */
  close(): void {
    this.#stop.abort(new Error('the monitor is closed'));
  }

  /** How long a reader has stood still while the source grew, in milliseconds; next to 0 when none does. */
  get readerSilentMs(): number {
    return this.#options.clock.monotonic() - this.#readers.soundAtMs;
  }

  /** Whether gaps in the source are found; undefined before that was looked at. */
  get gapDetection(): GapDetection | undefined {
    return this.#source.check?.gapDetection;
  }

  async status(): Promise<AgentStatus> {
    const { agent, memoryBytes } = this.#options;
    const status = await agent.status();
    return {
      ...status,
      source: { ...status.source, ...this.#source.check, checkProblem: this.#source.checkProblem },
      startedMs: this.#startedMs,
      queue: queueStatusOf(this.#source.capacity),
      reader: this.#reader(status),
      memory: { usedBytes: agent.heldBytes, budgetBytes: memoryBytes },
      routing: this.#routing,
      destinations: status.destinations.map((destination) => this.#withWatched(destination)),
    };
  }

  get #running(): readonly RunningDestination[] {
    return this.#options.agent.destinations.filter((destination) => destination.kind === 'running');
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#look();
      await this.#options.clock.sleep(tickMs, signal).catch(() => undefined);
    }
  }

  #look(): void {
    const { agent, clock } = this.#options;
    const nowMs = clock.monotonic();
    this.#readers.observe(agent.readers, nowMs);
    for (const destination of this.#running) this.#lookAt(destination, nowMs);
    if (nowMs - this.#surveyedAtMs >= surveyMs && !this.#isSurveying) void this.#survey();
    if (this.#readers.wantsHead(nowMs) && !this.#isLookingUp) void this.#lookUpHead();
  }

  #lookAt(destination: RunningDestination, nowMs: number): void {
    const { name, lane, meter, settings } = destination;
    const { state } = lane.condition;
    const sample = { state, pending: lane.pendingRecords, progressAtMs: meter.progressAtMs };
    this.#conditionOf(name).observe(sample, nowMs);
    if (settings.maxBacklogMs === undefined) return;
    this.#backlogAlarms.observe(name, backlogOf(destination), this.#options.clock.now());
  }

  async #survey(): Promise<void> {
    this.#isSurveying = true;
    await this.#source.look(AbortSignal.any([this.#stop.signal, AbortSignal.timeout(surveyLimitMs)]));
    this.#isSurveying = false;
    this.#surveyedAtMs = this.#options.clock.monotonic();
    this.#queueAlarm.observe(queueStatusOf(this.#source.capacity));
  }

  async #lookUpHead(): Promise<void> {
    const { agent, clock } = this.#options;
    this.#isLookingUp = true;
    const head = await agent.newest();
    this.#isLookingUp = false;
    this.#readers.sawHead(head?.position, agent.readers, clock.monotonic());
  }

  #conditionOf(name: string): ConditionWatch {
    const known = this.#conditions.get(name);
    if (known !== undefined) return known;
    const watch = new ConditionWatch(this.#options.clock.monotonic());
    this.#conditions.set(name, watch);
    return watch;
  }

  #reader({ sourceProblem }: AgentStatus): ReaderStatus {
    const state = sourceProblem === undefined ? this.#readers.state(this.#options.clock.monotonic()) : 'failed';
    return { state, soundAtMs: this.#toWallMs(this.#readers.soundAtMs) };
  }

  #withWatched(status: DestinationStatus): DestinationStatus {
    const running = this.#running.find(({ name }) => name === status.name);
    if (running === undefined) return status;
    const watch = this.#conditionOf(status.name);
    return {
      ...status,
      ...running.meter.figures(),
      conditionSinceMs: this.#toWallMs(watch.sinceMs),
      stalledSeconds: watch.stalledMs / 1000,
      secondsUntilLoss: this.#secondsUntilLoss(running, status),
    };
  }

  #secondsUntilLoss(
    { lane, settings }: RunningDestination,
    { balance, lagLines }: DestinationStatus,
  ): DestinationStatus['secondsUntilLoss'] {
    const { capacity } = this.#source;
    const hasAll = balance.pending === 0 && lagLines === 0;
    const waitsSinceUs = hasAll ? undefined : (lane.oldestWaitingUs ?? lane.main.safeUs);
    if (capacity === undefined || (!hasAll && waitsSinceUs === undefined)) return undefined;
    return secondsUntilLoss({ settings, waitsSinceUs, capacity, nowUs: this.#options.clock.now() * 1000 });
  }

  #toWallMs(monotonicMs: number): number {
    const { clock } = this.#options;
    return Math.round(clock.now() - (clock.monotonic() - monotonicMs));
  }
}
