import type { Outcome } from '../event/outcome.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { Logger } from '../sdk/logger.ts';
import type { Failure, Settled } from './apply-result.ts';
import { createAttempt } from './attempt.ts';
import { Batcher } from './batcher.ts';
import { Dispatcher, type DestinationCondition } from './dispatcher.ts';
import { KeyLoads } from './key-loads.ts';
import { filterBatch, type LaneBatch } from './lane-batch.ts';
import { createBatchTexts, type EventDelivery, type LaneEntry } from './lane-entry.ts';
import type { LaneSettings } from './lane-settings.ts';
import { isInside } from './window.ts';

export interface OutboxOptions {
  readonly sender: Sender;
  readonly settings: LaneSettings;
  readonly clock: Clock;
  /** In [0, 1); jitters back-off. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Called when an event, with all its parts, is done. */
  readonly onDone: (delivery: EventDelivery) => void;
  /** Called after events were done: there may be room for others. */
  readonly onRoom: () => void;
  /** Called with events of the source that the service refused for good, its answer, and how often they were sent. */
  readonly onRefused: (entries: readonly LaneEntry[], outcome: Outcome, answer: string, attempts: number) => void;
  /** Called when the service refused one key for the `failures`th time in a row. */
  readonly onKeyHeld: (key: string, failure: Failure, failures: number) => void;
}

/**
 * A lane that holds so much does not wait for full batches: what is held for long costs memory, and time to keep, and a
 * request of a quarter of what it could be is hardly dearer per line.
 */
const ampleBytes = 8 * 1024 * 1024;
const worthShare = 1 / 4;
/** What a batch that fills costs besides what is counted: its buffers begin with some room (measured on Node 26). */
const openBatchBytes = 2048;
/** Batches that fill take no more than this part of a lane's memory besides, but there may be so many of them. */
const openShare = 1 / 8;
const leastOpen = 64;
/** A lane that holds no more than this part of what it may is next to empty: keys that are refused may hold as much. */
export const idleShare = 1 / 4;

/** What a lane has taken and not delivered yet: batches that fill, wait, are on their way, or are tried again. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #batcher: Batcher;
  readonly #dispatcher: Dispatcher;
  readonly #closed = new AbortController();
  readonly loads = new KeyLoads();
  #ageTimerArmed = false;
  #maxHeldBytes: number;
  /** What an event needs that found no room; until there is as much, there is none for others. */
  #wantedBytes = 0;

  constructor(options: OutboxOptions) {
    const { sender, settings, clock, random, logger, onKeyHeld } = options;
    this.#options = options;
    this.#maxHeldBytes = settings.maxHeldBytes;
    this.#batcher = new Batcher(settings.limits, settings.keepsEvents);
    this.#dispatcher = new Dispatcher({
      attempt: createAttempt(sender, settings.deadlineMs, clock, logger),
      limits: settings.limits,
      concurrency: settings.concurrency,
      clock,
      random,
      logger,
      onSettled: (settled, batch) => this.#onSettled(settled, batch),
      onKeyHeld,
      refresh: (batch) => this.#refresh(batch),
    });
  }

  /** Sound, retrying or denied, and why. */
  get condition(): DestinationCondition {
    return this.#dispatcher.condition;
  }

  get resentEvents(): number {
    return this.#dispatcher.resentEvents;
  }

  get billedBytes(): number {
    return this.#dispatcher.billedBytes;
  }

  get maxHeldBytes(): number {
    return this.#maxHeldBytes;
  }

  limitMemory(maxHeldBytes: number): void {
    this.#maxHeldBytes = maxHeldBytes;
    this.#options.onRoom();
  }

  get isFull(): boolean {
    return !this.#fits(this.#wantedBytes);
  }

  /** True when there is room for an event; if not, there is none for any until there is: what waits is sent. */
  makesRoomFor(bytes: number): boolean {
    const wanted = Math.max(bytes, this.#wantedBytes);
    const hasRoom = this.#fits(wanted);
    this.#wantedBytes = hasRoom ? 0 : wanted;
    if (!hasRoom) this.sendOldest();
    return hasRoom;
  }

  /** What is larger than all there is comes in when little else is held. */
  #fits(bytes: number): boolean {
    const held = this.loads.bytes;
    if (held >= this.#maxHeldBytes) return false;
    return held + bytes <= this.#maxHeldBytes || held <= this.#maxHeldBytes * idleShare;
  }

  /** True while the destination as a whole refuses. */
  get isPaused(): boolean {
    return this.#dispatcher.isPaused;
  }

  /** True while the service refuses this key. */
  isHeld(key: string): boolean {
    return this.#dispatcher.isHeld(key);
  }

  /** Takes an event that was made ready; {@link OutboxOptions.onDone} tells when all of them are done. */
  add(delivery: EventDelivery): void {
    const { key, parts } = delivery;
    const nowMs = this.#options.clock.monotonic();
    if (parts === undefined) this.#submit(this.#batcher.add(key, delivery, nowMs));
    else for (const part of parts) this.#submit(this.#batcher.add(key, part, nowMs));
    this.loads.add(key, delivery.heldBytes);
    if (this.#isPressed) this.#sendIfAny(this.#batcher.takeFrom(key, this.#worthBytes));
    if (this.#batcher.openBatches > this.#mostOpen) this.#sendIfAny(this.#batcher.takeOldest());
    this.#armAgeTimer();
  }

  /** What it holds of a key, in order; it does not wait for a full batch any more. */
  deliveriesOf(key: string): ReadonlySet<EventDelivery> {
    this.#sendIfAny(this.#batcher.take(key));
    const deliveries = new Set<EventDelivery>();
    for (const { entries } of this.#dispatcher.batchesOf(key))
      for (const { delivery } of entries) deliveries.add(delivery);
    return deliveries;
  }

  /** Forgets events of a key that wait to be sent, and gives them back. What is on its way, or in doubt, stays. */
  withdraw(key: string, isWanted: (delivery: EventDelivery) => boolean): ReadonlySet<EventDelivery> {
    const open = this.#batcher.take(key);
    const batches = [...this.#dispatcher.waitingOf(key), ...(open === undefined ? [] : [open])];
    const withdrawn = new Set<EventDelivery>();
    for (const [delivery, parts] of countWaiting(batches)) {
      if (parts === delivery.partsLeft && isWanted(delivery)) withdrawn.add(delivery);
    }
    // Of an event in parts, those that are done were released then.
    for (const { entries } of batches) for (const entry of entries) if (withdrawn.has(entry.delivery)) entry.release();
    for (const delivery of withdrawn) this.loads.remove(key, 1, delivery.heldBytes);
    const isKept = ({ delivery }: LaneEntry): boolean => !withdrawn.has(delivery);
    this.#dispatcher.keep(key, isKept);
    this.#sendIfAny(open && filterBatch(open, isKept, this.#options.settings.limits));
    if (withdrawn.size > 0) this.#moveWaiting(key);
    return withdrawn;
  }

  /** The few that are left of a key that was set aside, so that they do not hold the memory of all. */
  #moveWaiting(key: string): void {
    const fresh = createBatchTexts(this.#options.settings.keepsEvents);
    for (const { entries } of this.#dispatcher.waitingOf(key)) for (const entry of entries) entry.moveTo(fresh);
  }

  /** Forgets all such events that wait to be sent, and gives them back. */
  withdrawAll(isWanted: (delivery: EventDelivery) => boolean): readonly EventDelivery[] {
    const withdrawn: EventDelivery[] = [];
    for (const key of this.loads.names()) withdrawn.push(...this.withdraw(key, isWanted));
    return withdrawn;
  }

  /** Nothing more comes that could fill a batch: the oldest go as they are, as many as are sent at once. */
  sendOldest(): void {
    while (this.#dispatcher.activeKeys < this.#options.settings.concurrency) {
      const oldest = this.#batcher.takeOldest();
      if (oldest === undefined) return;
      this.#dispatcher.submit(oldest);
    }
  }

  /**
   * Sends what it holds, without waiting for batches to fill.
   *
   * @returns when all is settled or `signal` aborts; at once when the destination denies us, since waiting is in vain.
   */
  async drain(signal: AbortSignal): Promise<void> {
    this.#submit(this.#batcher.takeAll());
    if (!this.#dispatcher.isDenied) await this.#dispatcher.onIdle(signal);
  }

  /** Stops sending; what is not settled stays so. May be called twice. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('the lane is closed'));
    this.#dispatcher.stop();
    await this.#options.sender.close();
  }

  /** More is coming than batches need time to fill, and the destination could take one. */
  get #isPressed(): boolean {
    return this.loads.bytes >= ampleBytes && this.#dispatcher.activeKeys < this.#options.settings.concurrency;
  }

  /** Batches that may fill at a time; of more, the oldest goes as it is. */
  get #mostOpen(): number {
    return Math.max(leastOpen, (this.#maxHeldBytes * openShare) / openBatchBytes);
  }

  get #worthBytes(): number {
    return this.#options.settings.limits.maxBytes * worthShare;
  }

  #sendIfAny(batch: LaneBatch | undefined): void {
    if (batch !== undefined) this.#dispatcher.submit(batch);
  }

  #submit(batches: readonly LaneBatch[]): void {
    for (const batch of batches) this.#dispatcher.submit(batch);
  }

  #armAgeTimer(): void {
    if (this.#ageTimerArmed) return;
    const openedAtMs = this.#batcher.oldestOpenedAtMs;
    if (openedAtMs === undefined) return;
    const { clock, settings } = this.#options;
    this.#ageTimerArmed = true;
    const dueMs = openedAtMs + settings.maxAgeMs * this.#dispatcher.stretch;
    clock.sleep(Math.max(0, dueMs - clock.monotonic()), this.#closed.signal).then(
      () => {
        this.#ageTimerArmed = false;
        this.#submit(this.#batcher.takeOlderThan(clock.monotonic() - settings.maxAgeMs * this.#dispatcher.stretch));
        this.#armAgeTimer();
      },
      () => undefined,
    );
  }

  /** A batch that waited may have left the service's window meanwhile; so may all, when the clock is set. */
  #refresh(batch: LaneBatch): LaneBatch {
    const { settings, clock } = this.#options;
    const { window } = settings;
    if (window === undefined || settings.outsideWindow === 'drop') return batch;
    const nowMs = clock.now();
    if (batch.entries.every(({ timeMs }) => isInside(timeMs, window, nowMs))) return batch;
    // All of them, since a batch must not span more than the service allows either.
    for (const entry of batch.entries) entry.stamp(nowMs, true);
    return batch;
  }

  #onSettled({ entries, outcome, answer = '' }: Settled, { key, attempts }: LaneBatch): void {
    if (outcome !== 'delivered') this.#tellRefused(entries, outcome, answer, attempts + 1);
    let events = 0;
    let bytes = 0;
    for (const entry of entries) {
      const { delivery } = entry;
      entry.release();
      if (!delivery.entryDone(outcome, answer)) continue;
      events += 1;
      bytes += delivery.heldBytes;
      this.#options.onDone(delivery);
    }
    this.loads.remove(key, events, bytes);
    if (this.#isPressed) this.#sendIfAny(this.#batcher.takeFullest(this.#worthBytes));
    this.#options.onRoom();
  }

  /** Of a notice, or a dead letter that is refused again, others make no new dead letter. */
  #tellRefused(entries: readonly LaneEntry[], outcome: Outcome, answer: string, attempts: number): void {
    const own = entries.filter(({ delivery }) => isFromSource(delivery));
    if (own.length > 0) this.#options.onRefused(own, outcome, answer, attempts);
  }
}

const isFromSource = ({ settler: { kind } }: EventDelivery): boolean => kind === 'main' || kind === 'parked';

/** How many parts of each event wait to be sent. */
const countWaiting = (batches: readonly LaneBatch[]): ReadonlyMap<EventDelivery, number> => {
  const parts = new Map<EventDelivery, number>();
  for (const { entries } of batches) {
    for (const { delivery } of entries) parts.set(delivery, (parts.get(delivery) ?? 0) + 1);
  }
  return parts;
};
