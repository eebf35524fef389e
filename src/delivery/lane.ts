import type { Outcome } from '../event/outcome.ts';
import type { DropReason } from '../event/drop-reason.ts';
import type { EncodableEvent } from '../event/encode.ts';
import type { LogEvent } from '../event/event.ts';
import { exclusionFor } from '../event/verdict.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { FeedEvent } from '../sdk/feed.ts';
import { type LaneAccount, uncounted } from '../sdk/lane-account.ts';
import type { Logger } from '../sdk/logger.ts';
import { Announcer } from './announcer.ts';
import type { Claim } from './claim.ts';
import type { DestinationCondition } from './dispatcher.ts';
import { EntryMaker } from './entry-maker.ts';
import { EventDelivery, type LaneEntry, type Settler } from './lane-entry.ts';
import type { LaneSettings } from './lane-settings.ts';
import { createNotice } from './notice.ts';
import { Outbox } from './outbox.ts';
import type { ParkedKey, ParkedKeyState, Starts } from './parked-key.ts';
import { Parking } from './parking.ts';
import { type Skip, Skips } from './skips.ts';
import { noRecords, Track } from './track.ts';
import { eventTimeMs, placeInWindow } from './window.ts';

export interface LaneOptions {
  /** The destination's name. */
  readonly name: string;
  /** This host's name: the stream of what the lane itself has to say. */
  readonly host: string;
  readonly sender: Sender;
  readonly settings: LaneSettings;
  /** Where it begins, by shard. */
  readonly starts: Starts;
  readonly parked: readonly ParkedKeyState[];
  readonly skips: readonly Skip[];
  readonly account: LaneAccount;
  readonly clock: Clock;
  /** In [0, 1); jitters back-off. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Called when a track, after having been full, takes again. */
  readonly onRoom: (track: Track) => void;
  readonly onTrackOpened: (track: Track) => void;
  readonly onTrackClosed: (track: Track) => void;
  /** Called with events that the service refused for good, or can't have, its answer, and how often they were sent. */
  readonly onRefused: (entries: readonly LaneEntry[], outcome: Outcome, answer: string, attempts: number) => void;
}

/** Most records between the oldest unsettled and the newest taken; bounds memory when one key is stuck. */
const maxSpan = 100_000;
/** The part of a lane's memory that one parked key may fill. */
const parkedKeyShare = 1 / 8;
/** A key that holds more than this part of a full lane is set aside, so that the others flow. */
const floodShare = 1 / 2;
/** Hashes of records that are made in one go, in a few milliseconds. */
const hashesAtOnce = 500;
/** All keys are looked at, which a full lane can't afford for every line. */
const floodCheckMs = 1000;

/** The main track's records are settled where they were taken. */
const mainSettler: Settler = {
  kind: 'main',
  take: () => undefined,
  settle: ({ claim, service, outcome }) => claim.settle(service, outcome),
};

/** Everything between a feed and one destination: encode, batch, send, retry, settle. Holds a bounded number of bytes. */
export class Lane {
  readonly name: string;
  readonly main: Track;
  readonly #options: LaneOptions;
  readonly #outbox: Outbox;
  readonly #entries: EntryMaker;
  readonly #parking: Parking;
  readonly #skips: Skips;
  readonly #announcer: Announcer;
  #wasFull = false;
  #floodCheckedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: LaneOptions) {
    const { name, sender, settings, starts, parked, account, clock, random, logger } = options;
    this.name = name;
    this.#options = options;
    this.#entries = new EntryMaker(sender, settings.limits);
    this.#skips = new Skips(options.skips);
    this.#announcer = new Announcer(account, clock);
    this.#outbox = new Outbox({
      sender,
      settings,
      clock,
      random,
      logger,
      onDone: (delivery) => delivery.settler.settle(delivery),
      onRoom: () => this.#onRoom(),
      onRefused: options.onRefused,
      onKeyHeld: (key, failure, failures) => this.#parking.onKeyHeld(key, failure, failures),
    });
    this.main = new Track({
      name,
      starts,
      account,
      hasRoom: (bytes) => this.#noteRoom(bytes),
      isRefused: () => this.condition.state !== 'ok',
      onEvent: (event, claim) => this.#takeOnMain(event, claim),
    });
    this.#parking = new Parking({
      saved: parked,
      outbox: this.#outbox,
      main: this.main,
      account,
      clock,
      logger,
      isCalm: (key) => this.#isCalm(key),
      createTrack: (key, keyStarts) => this.#createSideTrack(key, keyStarts),
      onTrackOpened: options.onTrackOpened,
      onTrackClosed: options.onTrackClosed,
    });
  }

  /** Sound, retrying or denied, and why. */
  get condition(): DestinationCondition {
    return this.#outbox.condition;
  }

  get heldBytes(): number {
    return this.#outbox.loads.bytes;
  }

  get resentEvents(): number {
    return this.#outbox.resentEvents;
  }

  get billedBytes(): number {
    return this.#outbox.billedBytes;
  }

  /** Notices of ours that the service took, in this process. */
  get originatedEvents(): number {
    return this.#announcer.originated;
  }

  /** Keys that are set aside. */
  get parked(): readonly ParkedKey[] {
    return this.#parking.keys;
  }

  get hasParked(): boolean {
    return this.#parking.size > 0;
  }

  /** Records taken and not settled, in all shards, those of parked keys included. */
  get pendingRecords(): number {
    let pending = this.#parking.outstanding;
    for (const { settlement } of this.main.shards.values()) pending += settlement.pending;
    return pending;
  }

  /** Lines of parked keys that wait. */
  get parkedRecords(): number {
    return this.#parking.outstanding;
  }

  /**
   * When the source received the oldest record that is not settled, in microseconds; undefined when all are. Parked keys
   * are behind on their own.
   */
  get oldestPendingUs(): number | undefined {
    return this.main.oldestUnsettledUs;
  }

  /** The same with parked keys: nothing that the source received before is needed any more. */
  get oldestWaitingUs(): number | undefined {
    const times = [this.oldestPendingUs, this.#parking.oldestWaitingUs].filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /**
   * Does a part of what {@link Track.states} of all tracks need, so that these are quick.
   *
   * @returns true when there is more to do.
   */
  prepareStates(): boolean {
    let left = hashesAtOnce;
    for (const { shards } of this.tracks) {
      for (const { settlement } of shards.values()) left -= settlement.hashSettledAbove(left);
    }
    return left === 0;
  }

  /** Parked keys as they are saved, of one moment with {@link Track.states}. */
  parkedStates(): ParkedKeyState[] {
    return this.#parking.states();
  }

  /** Skips that it has not passed, as they are saved. */
  skipStates(): Skip[] {
    return this.#skips.states();
  }

  /**
   * Lets parked keys begin to read, and go back to the main track; says what is to be announced. To be called often.
   *
   * @param isCaughtUp tells whether a track stands where the main track does.
   */
  review(isCaughtUp: (track: Track) => boolean): void {
    this.#parking.review(isCaughtUp);
    if (this.#parking.size === 0) this.#skips.forgetPassed(this.main.safeUs ?? 0);
    if (this.#options.settings.announces && !this.#outbox.isPaused && !this.#outbox.isFull) this.#announce();
  }

  /**
   * Gives up lines that were received until then: those that it holds, and those that it has yet to read.
   *
   * @returns false when too many such wishes wait to be passed already; nothing has changed then.
   */
  skip(skip: Omit<Skip, 'reason'>): boolean {
    if (!this.#skips.add({ ...skip, reason: 'skipped by operator' })) return false;
    const isSkipped = ({ settler: { kind }, service, position }: EventDelivery): boolean =>
      (kind === 'main' || kind === 'parked') && this.#skips.reasonFor(service, position.receivedUs) !== undefined;
    for (const delivery of this.#outbox.withdrawAll(isSkipped)) delivery.settleAs('skipped by operator');
    this.#onRoom();
    return true;
  }

  /** Sends an event once more that was refused before. It is in no account; `done` tells how it ended. */
  resend(item: EncodableEvent, done: (outcome: Outcome, answer: string) => void): void {
    const settler: Settler = {
      kind: 'resent',
      take: () => undefined,
      settle: ({ outcome, answer }) => done(outcome, answer),
    };
    this.#send(item, EventDelivery.of(item.event, noRecords, settler));
  }

  /**
   * Sends what it holds, without waiting for batches to fill.
   *
   * @returns when all is settled or `signal` aborts; at once when the destination denies us, since waiting is in vain.
   */
  async drain(signal: AbortSignal): Promise<void> {
    await this.#outbox.drain(signal);
  }

  /** Stops sending; what is not settled stays pending. May be called twice. */
  async close(): Promise<void> {
    await this.#outbox.close();
  }

  /** All ways in which it reads: the main track, and those of parked keys. */
  get tracks(): readonly Track[] {
    return [this.main, ...this.#parking.tracks];
  }

  /** How much memory it may hold from now on, in bytes. */
  limitMemory(maxHeldBytes: number): void {
    this.#outbox.limitMemory(maxHeldBytes);
  }

  /** True while the main track takes more items. */
  get hasRoom(): boolean {
    return !this.#outbox.isFull && !this.main.spans(maxSpan);
  }

  /** Whoever finds no room, be it a parked key that took the last of it, is told when there is some again. */
  #noteRoom(bytes = 0): boolean {
    const hasRoom = this.hasRoom && this.#outbox.makesRoomFor(bytes);
    if (!hasRoom) this.#wasFull = true;
    return hasRoom;
  }

  #takeOnMain(event: FeedEvent, claim: Claim): void {
    if (this.#parking.size > 0) {
      const key = this.#options.sender.batchKey(event);
      const parked = this.#parking.takeOver(key, event, claim);
      if (parked?.track?.hasRoom === true) this.#options.onRoom(parked.track);
      if (parked !== undefined) return;
    }
    this.#deliver(event, claim, mainSettler);
    if (this.#noteRoom()) return;
    this.#parkFlood();
    this.#outbox.sendOldest();
  }

  #createSideTrack(parked: ParkedKey, starts: Starts): Track {
    const { name, sender } = this.#options;
    return new Track({
      name: `${name}, a batch key set aside`,
      starts,
      // The main track has counted these lines as read; the parked key counts how they end.
      account: uncounted,
      // It must not overtake the main track, which counts what is read.
      hasRoom: (bytes) =>
        this.#isCalm(parked.key) &&
        (parked.hasForgotten || parked.unreadRecords > 0) &&
        this.#outbox.makesRoomFor(bytes),
      isRefused: () => this.condition.state !== 'ok',
      onEvent: (event, claim) => {
        const isWanted = parked.isWanted(() => sender.batchKey(event), claim);
        if (isWanted) this.#deliver(event, claim, parked);
        else claim.leave();
      },
    });
  }

  #isCalm(key: string): boolean {
    const { loads, isFull } = this.#outbox;
    const most = this.#outbox.maxHeldBytes * parkedKeyShare;
    return !isFull && !this.#outbox.isHeld(key) && loads.bytesOf(key) < most;
  }

  #deliver(feedEvent: FeedEvent, claim: Claim, settler: Settler): void {
    const { event } = feedEvent;
    const delivery = EventDelivery.of(event, claim, settler);
    settler.take(delivery);
    const excluded = exclusionFor(feedEvent.verdict, this.name) ?? this.#givenUp(event);
    if (excluded !== undefined) return delivery.settleAs(excluded);
    this.#send(feedEvent, delivery);
  }

  #send(item: EncodableEvent, delivery: EventDelivery): void {
    const { settings, clock } = this.#options;
    const placed = placeInWindow(item.event, settings.window, settings.outsideWindow, clock.now());
    if (typeof placed === 'string') return delivery.settleAs(placed);
    delivery.stamp(placed, placed !== eventTimeMs(item.event));
    const refused = this.#entries.prepare(delivery, item);
    if (refused !== undefined) return this.#endUnsent(delivery, refused);
    this.#outbox.add(delivery);
  }

  /** What no request can hold is as good as refused; what is empty is no loss. */
  #endUnsent(delivery: EventDelivery, reason: DropReason): void {
    if (reason === 'too large' && delivery.settler.kind !== 'resent') {
      const answer = 'it does not fit a request, not even in parts';
      this.#options.onRefused([delivery], reason, answer, 0);
    }
    delivery.settleAs(reason);
  }

  /** Why the operator does not want a line that policy would have sent. */
  #givenUp({ service, position }: LogEvent): DropReason | undefined {
    const { settings, clock } = this.#options;
    const skipped = this.#skips.reasonFor(service, position.receivedUs);
    if (skipped !== undefined) return skipped;
    const { maxBacklogMs } = settings;
    if (maxBacklogMs === undefined) return undefined;
    return position.receivedUs < (clock.now() - maxBacklogMs) * 1000 ? 'over max_backlog' : undefined;
  }

  #announce(): void {
    const { name, host, clock } = this.#options;
    for (const unannounced of this.#announcer.due()) {
      const nowMs = clock.now();
      const notice = createNotice(name, host, unannounced, nowMs);
      this.#send(notice, EventDelivery.of(notice.event, noRecords, this.#announcer));
    }
  }

  #parkFlood(): void {
    const { loads, isPaused } = this.#outbox;
    const nowMs = this.#options.clock.monotonic();
    if (isPaused || loads.keys < 2 || nowMs - this.#floodCheckedAtMs < floodCheckMs) return;
    this.#floodCheckedAtMs = nowMs;
    const { heaviest } = loads;
    if (heaviest === undefined) return;
    // It may be the span that is full: of short lines, much less than the memory.
    if (heaviest.bytes < Math.min(this.#outbox.maxHeldBytes, loads.bytes) * floodShare) return;
    this.#parking.park(heaviest.key, 'it holds more than half of what waits for the destination');
  }

  #onRoom(): void {
    for (const track of this.#parking.tracks) if (track.hasRoom) this.#options.onRoom(track);
    if (!this.hasRoom) return this.#outbox.sendOldest();
    if (!this.#wasFull) return;
    this.#wasFull = false;
    this.#options.onRoom(this.main);
  }
}
