import type { Clock } from '../platform/clock.ts';
import type { FeedEvent } from '../sdk/feed.ts';
import type { LaneAccount } from '../sdk/lane-account.ts';
import type { Logger } from '../sdk/logger.ts';
import type { Failure } from './apply-result.ts';
import type { EventDelivery } from './lane-entry.ts';
import { idleShare, type Outbox } from './outbox.ts';
import { ParkedKey, type ParkedKeyState, type Starts } from './parked-key.ts';
import type { Claim } from './claim.ts';
import type { Track } from './track.ts';

export interface ParkingOptions {
  readonly saved: readonly ParkedKeyState[];
  readonly outbox: Outbox;
  readonly main: Track;
  readonly account: LaneAccount;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes the track of a parked key; events that it is to take go to `onEvent`. */
  readonly createTrack: (parked: ParkedKey, starts: Starts) => Track;
  /** True for a key that may go back: the service does not refuse it, and it does not fill what it may hold. */
  readonly isCalm: (key: string) => boolean;
  readonly onTrackOpened: (track: Track) => void;
  readonly onTrackClosed: (track: Track) => void;
}

/** Part of the checkpoint's format: no more are ever saved. Beyond, a key waits in the lane. */
export const maxParkedKeys = 1000;
/** What may heal by itself soon is not worth a reader of its own. */
const failuresBeforeParking = 3;
/** Tracks that read at once: each looks at every event that it passes. */
const maxOpenTracks = 8;
/** A track reads this long before it makes room for those that wait. */
const turnMs = 10_000;
/** What stays in memory of a key that is refused, to try it with; less where there are many such keys. */
const probeEvents = 16;
const probeBytes = 64 * 1024;

/** The keys of a lane that are set aside, so that they hold up nobody else. */
export class Parking {
  readonly #options: ParkingOptions;
  /** In the order of their turns to read. */
  readonly #keys = new Map<string, ParkedKey>();
  readonly #openedAtMs = new Map<ParkedKey, number>();

  constructor(options: ParkingOptions) {
    this.#options = options;
    for (const state of options.saved) {
      const parked = new ParkedKey(state, options.account);
      // The main track may read again what it had taken of the key: it must not overtake what is unsettled.
      if (!parked.isFollowing) parked.follow(options.main, state.reason);
      this.#keys.set(state.key, parked);
    }
  }

  get size(): number {
    return this.#keys.size;
  }

  get keys(): readonly ParkedKey[] {
    return [...this.#keys.values()];
  }

  /** Records read and not settled. */
  get outstanding(): number {
    let outstanding = 0;
    for (const parked of this.#keys.values()) outstanding += parked.outstanding.total;
    return outstanding;
  }

  /** When the source received the oldest of these, at the earliest, in microseconds; undefined when there are none. */
  get oldestWaitingUs(): number | undefined {
    const times = this.keys.flatMap(({ oldestWaitingUs }) => oldestWaitingUs ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  get tracks(): readonly Track[] {
    return this.keys.flatMap(({ track }) => track ?? []);
  }

  /** Takes an event off the main track when its key is parked; undefined when it is not. */
  takeOver(key: string, event: FeedEvent, claim: Claim): ParkedKey | undefined {
    const parked = this.#keys.get(key);
    if (parked?.isFollowing !== true) return undefined;
    parked.leave(event, claim);
    return parked;
  }

  /** To be called when the service refuses a key. */
  onKeyHeld(key: string, { kind, reason }: Failure, failures: number): void {
    const isParked = this.#keys.get(key)?.isFollowing === true;
    if (!isParked && kind !== 'denied' && failures < failuresBeforeParking) return;
    const parked = isParked ? this.#keys.get(key) : this.park(key, reason);
    if (parked === undefined) return;
    this.#close(parked, parked.endTrack(false));
    parked.forget(this.#options.outbox.withdraw(key, this.#exceptProbe(key)));
  }

  /** Sets a key aside with all that the lane holds of it. Undefined when too many are. */
  park(key: string, reason: string): ParkedKey | undefined {
    const { outbox, main, account, clock, logger } = this.#options;
    let parked = this.#keys.get(key);
    if (parked?.isFollowing === true) return parked;
    if (parked === undefined) {
      if (this.#keys.size >= maxParkedKeys) return undefined;
      const state = {
        key,
        reason,
        sinceMs: Math.floor(clock.now()),
        outstanding: [],
        unsettled: {},
        followingUs: 0,
        digest: 0,
      };
      parked = new ParkedKey(state, account);
      this.#keys.set(key, parked);
      logger.warn({ parked: this.#keys.size }, `one batch key is set aside: ${reason}`);
    }
    parked.follow(main, reason);
    for (const delivery of outbox.deliveriesOf(key)) if (delivery.settler.kind === 'main') parked.adopt(delivery);
    return parked;
  }

  /**
   * Lets tracks begin and end. To be called often.
   *
   * @param isCaughtUp tells whether a track stands where the main track does.
   */
  review(isCaughtUp: (track: Track) => boolean): void {
    for (const parked of this.keys) {
      this.#endIfOver(parked, isCaughtUp);
      if (parked.isDone) this.#keys.delete(parked.key);
      else if (this.#mayBegin(parked)) this.#begin(parked);
    }
  }

  states(): ParkedKeyState[] {
    return this.keys.map((parked) => parked.state());
  }

  #endIfOver(parked: ParkedKey, isCaughtUp: (track: Track) => boolean): void {
    const { track } = parked;
    if (track === undefined) return;
    const hasCaughtUp = this.#options.isCalm(parked.key) && (parked.hasReadAll || isCaughtUp(track));
    const isOver = hasCaughtUp || (parked.isFetcher && !parked.hasForgotten) || this.#hadItsTurn(parked);
    if (!isOver) return;
    this.#close(parked, parked.endTrack(hasCaughtUp));
    if (hasCaughtUp && !parked.isFollowing) {
      this.#options.logger.info({}, `a batch key that was set aside has caught up (${parked.reason})`);
    }
  }

  #hadItsTurn(parked: ParkedKey): boolean {
    const openedAtMs = this.#openedAtMs.get(parked) ?? 0;
    const isLong = this.#options.clock.monotonic() - openedAtMs >= turnMs;
    return isLong && this.#openedAtMs.size >= maxOpenTracks && this.keys.some((other) => this.#wantsToRead(other));
  }

  #wantsToRead(parked: ParkedKey): boolean {
    const { outbox } = this.#options;
    if (parked.track !== undefined || parked.nextStarts === undefined || outbox.isPaused) return false;
    // What was forgotten comes after what is in memory, and what follows after both.
    return !outbox.isHeld(parked.key) && !(parked.hasForgotten && parked.holdsEvents);
  }

  #mayBegin(parked: ParkedKey): boolean {
    return this.#openedAtMs.size < maxOpenTracks && this.#wantsToRead(parked);
  }

  #begin(parked: ParkedKey): void {
    const starts = parked.nextStarts;
    if (starts === undefined) return;
    const track = this.#options.createTrack(parked, starts);
    parked.begin(track);
    this.#openedAtMs.set(parked, this.#options.clock.monotonic());
    this.#options.onTrackOpened(track);
  }

  #close(parked: ParkedKey, track: Track | undefined): void {
    if (track === undefined) return;
    this.#openedAtMs.delete(parked);
    // To the end of the queue.
    this.#keys.delete(parked.key);
    this.#keys.set(parked.key, parked);
    this.#options.onTrackClosed(track);
  }

  /** True for all events of the key but the first few; for all where not even one is small enough, which are read again. */
  #exceptProbe(key: string): (delivery: EventDelivery) => boolean {
    const { outbox } = this.#options;
    const mostBytes = Math.min(probeBytes, (outbox.maxHeldBytes * idleShare) / this.#keys.size);
    const probe = new Set<EventDelivery>();
    let bytes = 0;
    for (const delivery of outbox.deliveriesOf(key)) {
      bytes += delivery.heldBytes;
      if (probe.size >= probeEvents || bytes > mostBytes) break;
      probe.add(delivery);
    }
    return (delivery) => delivery.settler.kind === 'parked' && !probe.has(delivery);
  }
}
