import PQueue from 'p-queue';
import type { Clock } from '../platform/clock.ts';
import type { BatchLimits } from '../sdk/batch.ts';
import type { Logger } from '../sdk/logger.ts';
import type { SendResult } from '../sdk/send-result.ts';
import { applyResult, type Failure, type Settled } from './apply-result.ts';
import type { Attempt } from './attempt.ts';
import { backoffMs, deniedBackoff, retryBackoff } from './backoff.ts';
import { Condemned, type CondemnedEvent } from './condemned.ts';
import { filterBatch, type LaneBatch } from './lane-batch.ts';
import type { LaneEntry } from './lane-entry.ts';
import { Pace } from './pace.ts';

/** What is wrong with a destination, if anything; what `status` and metrics show. */
export interface DestinationCondition {
  readonly state: 'ok' | 'retrying' | 'denied';
  readonly reason: string;
}

/** A refused line of which nobody knows yet whether it is bad is tried again after this. */
const doubtMs = 60_000;

const sound: DestinationCondition = { state: 'ok', reason: '' };

/** Batches of one key: at most one of them is on its way, so that order within a key is kept, over retries too. */
interface KeyQueue {
  batches: LaneBatch[];
  /** On its way. */
  sending: LaneBatch | undefined;
  busy: boolean;
  failures: number;
}

export interface DispatcherOptions {
  readonly attempt: Attempt;
  readonly limits: BatchLimits;
  readonly concurrency: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Called for entries that are done, before anything newer of their key is sent. */
  readonly onSettled: (settled: Settled, batch: LaneBatch) => void;
  /** Called when the service refused one key alone, for the `failures`th time in a row: it is tried again later. */
  readonly onKeyHeld: (key: string, failure: Failure, failures: number) => void;
  /** Called before each try, to bring a batch up to date that waited, be it for those before it. */
  readonly refresh: (batch: LaneBatch) => LaneBatch;
}

/**
 * Sends a lane's batches: several keys at once, each key in order, again and again until the service takes or refuses
 * them. A failure of the whole destination pauses all keys; a failure of one key delays that key alone.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #queue: PQueue;
  readonly #pace: Pace;
  readonly #keys = new Map<string, KeyQueue>();
  readonly #keyConditions = new Map<string, DestinationCondition>();
  /** Keys that are held back. */
  readonly #held = new Set<string>();
  readonly #stop = new AbortController();
  readonly #condemned = new Condemned();
  readonly #idleListeners: (() => void)[] = [];
  #pauses = 0;
  #failures = 0;
  #condition = sound;
  #resentEvents = 0;
  #billedBytes = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#pace = new Pace(options.concurrency);
    this.#queue = new PQueue({ concurrency: options.concurrency });
  }

  /** The destination's own trouble first, else that of one of its keys. */
  get condition(): DestinationCondition {
    if (this.#condition.state !== 'ok') return this.#condition;
    for (const condition of this.#keyConditions.values()) return condition;
    return sound;
  }

  /** Events sent more than once, in this process. */
  get resentEvents(): number {
    return this.#resentEvents;
  }

  /** Bytes of batches that the service took, as it counts them. */
  get billedBytes(): number {
    return this.#billedBytes;
  }

  /** Factor on the age that a batch may reach, while the destination is slow. */
  get stretch(): number {
    return this.#pace.stretch;
  }

  /** Keys that have batches to send, on their way or waiting for their turn; not those held back. */
  get activeKeys(): number {
    return this.#keys.size - this.#held.size;
  }

  /** True while the destination as a whole refuses us: sending again soon is in vain. */
  get isDenied(): boolean {
    return this.#condition.state === 'denied';
  }

  /** True while the destination as a whole is left alone. */
  get isPaused(): boolean {
    return this.#queue.isPaused;
  }

  /** True while a key that the service refused is held back, and until it is taken again. */
  isHeld(key: string): boolean {
    return this.#keyConditions.has(key);
  }

  /** A key's batches that are not on their way, in order. */
  waitingOf(key: string): readonly LaneBatch[] {
    return this.#keys.get(key)?.batches ?? [];
  }

  /** A key's batches that are not done, in order, wherever they are. */
  batchesOf(name: string): readonly LaneBatch[] {
    const { sending, batches = [] } = this.#keys.get(name) ?? {};
    return [...this.#condemned.batchesOf(name), ...(sending === undefined ? [] : [sending]), ...batches];
  }

  /** Forgets entries of {@link Dispatcher.waitingOf} that are not to be kept. */
  keep(name: string, isKept: (entry: LaneEntry) => boolean): void {
    const key = this.#keys.get(name);
    if (key === undefined) return;
    key.batches = key.batches.flatMap((batch) => filterBatch(batch, isKept, this.#options.limits) ?? []);
  }

  /** Resolves when every batch is done, or `signal` aborts. */
  async onIdle(signal: AbortSignal): Promise<void> {
    if (this.#keys.size === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#idleListeners.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  submit(batch: LaneBatch): void {
    const key = this.#keyOf(batch.key);
    key.batches.push(batch);
    this.#schedule(batch.key, key);
  }

  /** Ends all waiting and sending; what is not settled stays so. May be called twice. */
  stop(): void {
    this.#stop.abort(new Error('the lane is closed'));
    this.#queue.pause();
    this.#queue.clear();
  }

  #schedule(name: string, key: KeyQueue): void {
    if (key.busy || this.#stop.signal.aborted) return;
    key.busy = true;
    void this.#queue.add(() => this.#sendNext(name, key));
  }

  async #sendNext(name: string, key: KeyQueue): Promise<void> {
    // Making a request takes milliseconds, and so does settling a batch.
    await this.#options.clock.nextTurn();
    if (this.#stop.signal.aborted) return;
    const waiting = key.batches.shift();
    if (waiting === undefined) return this.#release(name, key, false);
    const batch = this.#options.refresh(waiting);
    if (batch.attempts > 0) this.#resentEvents += batch.entries.length;
    key.sending = batch;
    const pauses = this.#pauses;
    const result = await this.#options.attempt(batch, this.#stop.signal);
    await this.#options.clock.nextTurn();
    key.sending = undefined;
    if (this.#stop.signal.aborted && result.status === 'retry') return;
    const marked = this.#markRefused(batch, result);
    const plan = applyResult(marked, result, this.#options.limits);
    key.batches.unshift(...plan.again);
    if (result.status === 'delivered' || result.status === 'partial') this.#billedBytes += batch.bytes;
    for (const settled of plan.settled) this.#settle(settled, marked);
    const hasTaken = plan.settled.some(({ isWhole }) => isWhole === undefined);
    if (hasTaken) this.#tryRefusedAgain();
    // What was sent before a pause says nothing of the destination since.
    const isNews = pauses === this.#pauses;
    if (isNews && (hasTaken || plan.failure?.scope === 'batch')) this.#destinationAnswered();
    if (plan.failure?.scope === 'destination') this.#pause(plan.failure);
    if (this.#condemned.blamesDestination) this.#acquit();
    if (plan.failure?.scope === 'batch') this.#holdKey(name, key, plan.failure);
    else this.#release(name, key, plan.failure === undefined);
  }

  #markRefused(batch: LaneBatch, { status }: SendResult): LaneBatch {
    const isRefused = status === 'rejected' || status === 'split';
    return isRefused ? { refusedAt: this.#condemned.deliveries, ...batch } : batch;
  }

  #settle(settled: Settled, batch: LaneBatch): void {
    // What is sent again was proven to be bad before.
    const isKnown = settled.entries.every(({ delivery }) => delivery.settler.kind === 'resent');
    const isInDoubt = settled.isWhole === true && !isKnown && !this.#condemned.isProven(batch);
    if (isInDoubt) this.#doubt({ settled, batch });
    else this.#options.onSettled(settled, batch);
  }

  #doubt(event: CondemnedEvent): void {
    const isFirst = this.#condemned.isEmpty;
    this.#condemned.add(event);
    if (isFirst) this.#after(doubtMs, () => this.#putAllBack(this.#condemned.acquit()));
  }

  /** The service takes something: what it refuses once more now is refused for its content. */
  #tryRefusedAgain(): void {
    this.#putAllBack(this.#condemned.delivered());
  }

  /** Everything is refused: nothing is dropped, the destination is denied until it takes something. */
  #acquit(): void {
    const events = this.#condemned.acquit();
    const answer = events.at(-1)?.settled.answer ?? '';
    const reason = `every line is refused, which speaks of the endpoint or a proxy: ${answer}`;
    this.#pause({ kind: 'denied', scope: 'destination', reason, retryAfterMs: undefined });
    this.#putAllBack(events);
  }

  /** In front of what was not sent yet of their keys, in their order. */
  #putAllBack(events: readonly CondemnedEvent[]): void {
    for (const { batch } of events.toReversed()) {
      this.#keyOf(batch.key).batches.unshift({ ...batch, attempts: batch.attempts + 1 });
    }
    for (const { batch } of events) this.#schedule(batch.key, this.#keyOf(batch.key));
  }

  #keyOf(name: string): KeyQueue {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key: KeyQueue = { batches: [], sending: undefined, busy: false, failures: 0 };
    this.#keys.set(name, key);
    return key;
  }

  #release(name: string, key: KeyQueue, succeeded: boolean): void {
    key.busy = false;
    if (succeeded && key.failures > 0) {
      key.failures = 0;
      this.#keyConditions.delete(name);
    }
    if (key.batches.length > 0) return this.#schedule(name, key);
    this.#keys.delete(name);
    this.#keyConditions.delete(name);
    if (this.#keys.size === 0) for (const listener of this.#idleListeners.splice(0)) listener();
  }

  /** Keeps one key back without holding a place in the queue. */
  #holdKey(name: string, key: KeyQueue, failure: Failure): void {
    key.failures += 1;
    this.#keyConditions.set(name, { state: failure.kind === 'denied' ? 'denied' : 'retrying', reason: failure.reason });
    this.#say(failure, key.failures, `one batch key is held back: ${failure.reason}`);
    this.#held.add(name);
    this.#after(this.#wait(failure, key.failures), () => {
      this.#held.delete(name);
      this.#release(name, key, false);
    });
    this.#options.onKeyHeld(name, failure, key.failures);
  }

  #pause(failure: Failure): void {
    if (this.#queue.isPaused) return;
    this.#pauses += 1;
    this.#failures += 1;
    this.#condition = { state: failure.kind === 'denied' ? 'denied' : 'retrying', reason: failure.reason };
    this.#pace.slowDown();
    this.#queue.pause();
    this.#say(failure, this.#failures, `destination refuses: ${failure.reason}`);
    this.#after(this.#wait(failure, this.#failures), () => {
      // One request tells whether it healed; the others wait for its answer.
      this.#queue.concurrency = 1;
      this.#queue.start();
    });
  }

  #destinationAnswered(): void {
    if (this.#failures > 0) this.#options.logger.info({ failures: this.#failures }, 'destination takes lines again');
    this.#failures = 0;
    this.#condition = sound;
    this.#pace.speedUp();
    if (this.#queue.concurrency !== this.#pace.concurrency) this.#queue.concurrency = this.#pace.concurrency;
  }

  #wait(failure: Failure, failures: number): number {
    const limits = failure.kind === 'denied' ? deniedBackoff : retryBackoff;
    return backoffMs(limits, failures, this.#options.random, failure.retryAfterMs);
  }

  #after(ms: number, then: () => void): void {
    this.#options.clock.sleep(ms, this.#stop.signal).then(then, (error: unknown) => {
      if (!this.#stop.signal.aborted) this.#options.logger.error({ error }, 'waiting failed');
    });
  }

  /** The first failure and then every time that the count doubles: an outage is said, not repeated without end. */
  #say(failure: Failure, failures: number, message: string): void {
    const isNews = (failures & (failures - 1)) === 0;
    if (isNews) this.#options.logger.warn({ failures, kind: failure.kind, scope: failure.scope }, message);
  }
}
