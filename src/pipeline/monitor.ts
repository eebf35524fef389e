import type { Clock } from '../platform/clock.ts';
import type { Agent } from './agent.ts';
import { ConditionWatch } from './condition-watch.ts';
import type { RunningDestination } from './destination.ts';
import { ReaderWatch } from './reader-watch.ts';
import type { AgentStatus, DestinationStatus, ReaderStatus } from './status.ts';

export interface MonitorOptions {
  readonly agent: Agent;
  readonly clock: Clock;
  /** What all events in memory may take, in bytes. */
  readonly memoryBytes: number;
  /** What goes where, in one line. */
  readonly routing: string;
}

/** To the second is how exact "since when" is. */
const tickMs = 1000;

/** Looks at a running agent every second, for what only shows over time: since when, for how long, how fast. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #startedMs: number;
  readonly #readers: ReaderWatch;
  readonly #conditions = new Map<string, ConditionWatch>();
  #routing: string;
  readonly #stop = new AbortController();
  #isLookingUp = false;

  constructor(options: MonitorOptions) {
    const { clock } = options;
    this.#options = options;
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

  async status(): Promise<AgentStatus> {
    const { agent, memoryBytes } = this.#options;
    const status = await agent.status();
    const laneBytes = this.#running.reduce((sum, { lane }) => sum + lane.heldBytes, 0);
    return {
      ...status,
      startedMs: this.#startedMs,
      reader: this.#reader(status),
      memory: { usedBytes: status.windowBytes + laneBytes, budgetBytes: memoryBytes },
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
    for (const { name, lane, meter } of this.#running) {
      const { state } = lane.condition;
      const sample = { state, pending: lane.pendingRecords, progressAtMs: meter.progressAtMs };
      this.#conditionOf(name).observe(sample, nowMs);
    }
    if (this.#readers.wantsHead(nowMs) && !this.#isLookingUp) void this.#lookUpHead();
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
    const meter = this.#running.find(({ name }) => name === status.name)?.meter;
    const watch = this.#conditionOf(status.name);
    const conditionSinceMs = this.#toWallMs(watch.sinceMs);
    return { ...status, ...meter?.figures(), conditionSinceMs, stalledSeconds: watch.stalledMs / 1000 };
  }

  #toWallMs(monotonicMs: number): number {
    const { clock } = this.#options;
    return Math.round(clock.now() - (clock.monotonic() - monotonicMs));
  }
}
