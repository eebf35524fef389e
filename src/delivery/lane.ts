import type { DropReason } from '../event/drop-reason.ts';
import type { EncodableEvent } from '../event/encode.ts';
import type { Outcome } from '../event/outcome.ts';
import { exclusionFor } from '../event/verdict.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { AcceptanceWindow, BatchLimits } from '../sdk/batch.ts';
import { eventMemory } from '../sdk/event-memory.ts';
import type { FeedEvent, FeedItem } from '../sdk/feed.ts';
import type { LaneAccount } from '../sdk/lane-account.ts';
import type { Logger } from '../sdk/logger.ts';
import { createAttempt } from './attempt.ts';
import { Batcher } from './batcher.ts';
import { Dispatcher, type DestinationCondition } from './dispatcher.ts';
import { EntryMaker } from './entry-maker.ts';
import type { EventDelivery, LaneBatch, LaneEntry } from './lane-entry.ts';
import { ShardProgress, type ShardStart } from './shard-progress.ts';
import type { Settled } from './apply-result.ts';
import type { SettledPrefix } from './settlement.ts';
import { isInside, placeInWindow } from './window.ts';

/** How one lane batches and sends. */
export interface LaneSettings {
  readonly limits: BatchLimits;
  readonly window: AcceptanceWindow | undefined;
  readonly outsideWindow: 'restamp' | 'drop';
  readonly maxAgeMs: number;
  readonly concurrency: number;
  /** Deadline of one request, in milliseconds. */
  readonly deadlineMs: number;
  /** Most bytes of events that the lane holds; it takes no more until some are settled. */
  readonly maxHeldBytes: number;
}

export interface LaneOptions {
  /** The destination's name. */
  readonly name: string;
  readonly sender: Sender;
  readonly settings: LaneSettings;
  readonly account: LaneAccount;
  readonly clock: Clock;
  /** In [0, 1); jitters back-off. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Called when the lane, after having been full, takes again. */
  readonly onRoom: () => void;
  /** Called with events that the service refused for good, or can't have, its answer, and how often they were sent. */
  readonly onRefused: (entries: readonly LaneEntry[], outcome: Outcome, answer: string, attempts: number) => void;
}

/** Most records between the oldest unsettled and the newest taken; bounds memory when one key is stuck. */
const maxSpan = 100_000;

/** What is known of a delivery by its event alone. */
const deliveryOf = ({ event }: EncodableEvent) => ({
  event,
  service: event.service,
  key: '',
  heldBytes: eventMemory(event.bytes),
  partsLeft: 1,
  outcome: 'delivered' as const,
  answer: '',
});

/** Everything between a feed and one destination: encode, batch, send, retry, settle. Holds a bounded number of bytes. */
export class Lane {
  readonly name: string;
  readonly #options: LaneOptions;
  readonly #batcher: Batcher;
  readonly #dispatcher: Dispatcher;
  readonly #entries: EntryMaker;
  readonly #shards = new Map<string, ShardProgress>();
  readonly #closed = new AbortController();
  #heldBytes = 0;
  #wasFull = false;
  #ageTimerArmed = false;

  constructor(options: LaneOptions) {
    const { sender, settings, clock, random, logger } = options;
    this.name = options.name;
    this.#options = options;
    this.#batcher = new Batcher(settings.limits);
    this.#entries = new EntryMaker(sender, settings.limits);
    this.#dispatcher = new Dispatcher({
      attempt: createAttempt(sender, settings.deadlineMs, clock, logger),
      limits: settings.limits,
      concurrency: settings.concurrency,
      clock,
      random,
      logger,
      onSettled: (settled, batch) => this.#onSettled(settled, batch.attempts + 1),
      refresh: (batch) => this.#refresh(batch),
    });
  }

  /** Sound, retrying or denied, and why. */
  get condition(): DestinationCondition {
    return this.#dispatcher.condition;
  }

  /** True while it takes more items. */
  get hasRoom(): boolean {
    if (this.#heldBytes >= this.#options.settings.maxHeldBytes) return false;
    for (const shard of this.#shards.values()) {
      if (shard.settlement.span >= maxSpan && !shard.waitsForPieces) return false;
    }
    return true;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get resentEvents(): number {
    return this.#dispatcher.resentEvents;
  }

  get billedBytes(): number {
    return this.#dispatcher.billedBytes;
  }

  /** Records taken and not settled, in all shards. */
  get pendingRecords(): number {
    let pending = 0;
    for (const shard of this.#shards.values()) pending += shard.settlement.pending;
    return pending;
  }

  /** When the source received the oldest record that is not settled, in microseconds; undefined when all are. */
  get oldestPendingUs(): number | undefined {
    let oldest: number | undefined;
    for (const { settlement } of this.#shards.values()) {
      const receivedUs = settlement.oldestUnsettled?.receivedUs;
      if (receivedUs !== undefined && (oldest === undefined || receivedUs < oldest)) oldest = receivedUs;
    }
    return oldest;
  }

  /** Declares a shard and what an earlier run settled of it. Once per shard, before the first item. */
  startShard(shard: string, start: ShardStart): void {
    this.#shards.set(shard, new ShardProgress(start, this.#options.account));
  }

  /** What of a shard may be saved; undefined for a shard not declared. */
  prefixOf(shard: string): SettledPrefix | undefined {
    return this.#shards.get(shard)?.prefix();
  }

  /** What a feed needs to know to serve this lane: where it stands in a shard. */
  progressOf(shard: string): ShardProgress | undefined {
    return this.#shards.get(shard);
  }

  /** Takes the next item of its feed. The caller looks at {@link Lane.hasRoom} first. */
  take(item: FeedItem): void {
    const shard = this.#shards.get(item.shard);
    if (shard === undefined) return;
    if (item.kind === 'record' && !shard.take(item)) return;
    for (const event of item.events) this.#deliver(event, shard, item.shard);
    if (!this.hasRoom) {
      this.#wasFull = true;
      this.#sendOldest();
    }
    this.#armAgeTimer();
  }

  /** Sends an event once more that was refused before. It is in no account; `done` tells how it ended. */
  resend(item: EncodableEvent, done: (outcome: Outcome, answer: string) => void): void {
    this.#send(item, { ...deliveryOf(item), shard: '', ordinals: [], joinKey: undefined, done });
    this.#armAgeTimer();
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

  /** Stops sending; what is not settled stays pending. May be called twice. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('the lane is closed'));
    this.#dispatcher.stop();
    await this.#options.sender.close();
  }

  #deliver(feedEvent: FeedEvent, shard: ShardProgress, shardName: string): void {
    const ordinals = shard.claim(feedEvent);
    if (ordinals.length === 0) return;
    const delivery = { ...deliveryOf(feedEvent), shard: shardName, ordinals, joinKey: feedEvent.joinKey };
    const excluded = exclusionFor(feedEvent.verdict, this.name);
    if (excluded === undefined) this.#send(feedEvent, delivery);
    else this.#finish(delivery, excluded);
  }

  #send(item: EncodableEvent, delivery: EventDelivery): void {
    const { settings, clock } = this.#options;
    const placed = placeInWindow(item.event, settings.window, settings.outsideWindow, clock.now());
    if (typeof placed === 'string') return this.#finish(delivery, placed);
    const entries = this.#entries.make(item, delivery, placed);
    if (typeof entries === 'string') return this.#endUnsent(delivery, entries, placed);
    delivery.partsLeft = entries.length;
    for (const { key, entry } of entries) {
      delivery.key = key;
      delivery.heldBytes += entry.bytes;
    }
    this.#heldBytes += delivery.heldBytes;
    for (const { key, entry } of entries) this.#submit(this.#batcher.add(key, entry, clock.monotonic()));
  }

  /** What no request can hold is as good as refused; what is empty is no loss. */
  #endUnsent(delivery: EventDelivery, reason: DropReason, timeMs: number): void {
    if (reason === 'too large') {
      delivery.answer = 'it does not fit a request, not even in parts';
      this.#tellRefused([{ event: delivery.event, text: '', bytes: 0, timeMs, delivery }], reason, delivery.answer, 0);
    }
    this.#finish(delivery, reason);
  }

  #tellRefused(entries: readonly LaneEntry[], outcome: Outcome, answer: string, attempts: number): void {
    const fed = entries.filter(({ delivery }) => delivery.done === undefined);
    if (fed.length > 0) this.#options.onRefused(fed, outcome, answer, attempts);
  }

  #submit(batches: readonly LaneBatch[]): void {
    for (const batch of batches) this.#dispatcher.submit(batch);
  }

  #armAgeTimer(): void {
    const openedAtMs = this.#batcher.oldestOpenedAtMs;
    if (this.#ageTimerArmed || openedAtMs === undefined) return;
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
    return { ...batch, entries: batch.entries.map((entry) => ({ ...entry, timeMs: nowMs })) };
  }

  #onSettled({ entries, outcome, answer = '' }: Settled, attempts: number): void {
    if (outcome !== 'delivered') this.#tellRefused(entries, outcome, answer, attempts);
    for (const { delivery } of entries) {
      delivery.partsLeft -= 1;
      if (outcome !== 'delivered') {
        delivery.outcome = outcome;
        delivery.answer = answer;
      }
      if (delivery.partsLeft > 0) continue;
      this.#heldBytes -= delivery.heldBytes;
      this.#finish(delivery, delivery.outcome);
    }
    if (this.#wasFull && this.hasRoom) {
      this.#wasFull = false;
      this.#options.onRoom();
    } else this.#sendOldest();
  }

  /** Nothing more comes that could fill a batch: the oldest go as they are, as many as are sent at once. */
  #sendOldest(): void {
    while (!this.hasRoom && this.#dispatcher.activeKeys < this.#options.settings.concurrency) {
      const oldest = this.#batcher.takeOldest();
      if (oldest === undefined) return;
      this.#dispatcher.submit(oldest);
    }
  }

  #finish(delivery: EventDelivery, outcome: Outcome): void {
    if (delivery.done !== undefined) return delivery.done(outcome, delivery.answer);
    const settlement = this.#shards.get(delivery.shard)?.settlement;
    const [only = 0] = delivery.ordinals;
    if (delivery.joinKey === undefined) settlement?.settle(only, delivery.service, outcome);
    else settlement?.settleJoin(delivery.ordinals, delivery.joinKey, delivery.service, outcome);
  }
}
