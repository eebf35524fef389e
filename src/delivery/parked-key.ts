import type { RecordPosition } from '../event/record.ts';
import type { FeedEvent } from '../sdk/feed.ts';
import type { LaneAccount } from '../sdk/lane-account.ts';
import type { StartPoint } from '../sdk/source.ts';
import type { EventDelivery, Settler } from './lane-entry.ts';
import { RecordEncoder } from './record-encoder.ts';
import { recordHash } from './record-hash.ts';
import { RecordSet } from './record-set.ts';
import { ServiceTally } from './service-tally.ts';
import type { ShardStart, ShardState } from './shard-progress.ts';
import type { Claim } from './claim.ts';
import type { Track } from './track.ts';

/** A parked key as a checkpoint has it. */
export interface ParkedKeyState {
  readonly key: string;
  readonly reason: string;
  readonly sinceMs: number;
  /** Records read and not settled, by service. */
  readonly outstanding: { readonly service: string; readonly records: number }[];
  /** By shard: the records that were in the lane's hands, and from where they can be read. */
  readonly unsettled: Record<string, { readonly resume: StartPoint; readonly records: string }>;
  /** By shard: from where the key's other lines are read. Undefined when the main track has them all. */
  readonly following?: Record<string, ShardState> | undefined;
  /** When the source received what `following` begins with, at the latest; in microseconds. */
  readonly followingUs: number;
  /** The hashes of the key's records that its own track has not read, all in one; 0 when it has read just those. */
  readonly digest: number;
}

/** From where a record can be read again. What tracks read one after the other is in order, by track and ordinal. */
interface Place {
  readonly generation: number;
  readonly ordinal: number;
  /** The record before it, or the point: cursors are formatted when they are asked for, as a flood has 100,000 places. */
  readonly before: RecordPosition | StartPoint;
}

const startOf = ({ before }: Place): StartPoint =>
  'kind' in before ? before : { kind: 'after', cursor: before.cursor() };

interface HeldEvent {
  readonly positions: readonly RecordPosition[];
  /** Of its first record. */
  readonly place: Place;
}

/** Records of one shard that are to be fetched again because nobody holds them in memory. */
interface Forgotten {
  place: Place;
  readonly records: RecordSet;
}

const older = (one: Place, other: Place): Place => {
  if (one.generation !== other.generation) return one.generation < other.generation ? one : other;
  return one.ordinal < other.ordinal ? one : other;
};

/** From where the side track reads, by shard. */
export type Starts = ReadonlyMap<string, ShardStart>;

/**
 * A batch key that the service refuses alone, or that floods its lane. The lane's main track goes on without it: its lines
 * are read again by tracks of their own, in order. First those that the lane had in hands and forgot, known by identity;
 * then all others of the key, until they are where the main track is.
 */
export class ParkedKey implements Settler {
  readonly kind = 'parked';
  readonly key: string;
  readonly sinceMs: number;
  readonly outstanding: ServiceTally;
  readonly #account: LaneAccount;
  readonly #held = new Map<EventDelivery, HeldEvent>();
  readonly #forgotten = new Map<string, Forgotten>();
  #reason: string;
  #starts: Starts | undefined;
  #followingUs: number;
  #digest: number;
  #heldRecords = 0;
  /** Reads what was forgotten, or what follows. */
  #track: Track | undefined;
  #isFetching = false;
  #generation = 0;

  constructor(state: ParkedKeyState, account: LaneAccount) {
    this.key = state.key;
    this.sinceMs = state.sinceMs;
    this.#reason = state.reason;
    this.#followingUs = state.followingUs;
    this.#digest = state.digest;
    this.#account = account;
    this.outstanding = ServiceTally.from(state.outstanding);
    for (const [shard, { resume, records }] of Object.entries(state.unsettled)) {
      const place = { generation: -1, ordinal: 0, before: resume };
      this.#forgotten.set(shard, { place, records: RecordSet.decode(records) });
    }
    if (state.following !== undefined) {
      this.#starts = new Map(
        Object.entries(state.following).map(([shard, { resume, settled }]) => [
          shard,
          { resume, settled: RecordSet.decode(settled) },
        ]),
      );
    }
  }

  get reason(): string {
    return this.#reason;
  }

  /** The track that reads for this key now; undefined when none does. */
  get track(): Track | undefined {
    return this.#track;
  }

  /** True while the main track leaves the key's lines to this one. */
  get isFollowing(): boolean {
    return this.#starts !== undefined;
  }

  get holdsEvents(): boolean {
    return this.#held.size > 0;
  }

  /** What the next track is to read; undefined when nothing is left to be read. */
  get nextStarts(): Starts | undefined {
    if (this.#forgotten.size === 0) return this.#starts;
    return new Map(
      Array.from(this.#forgotten, ([shard, { place }]) => [
        shard,
        { resume: startOf(place), settled: new RecordSet() },
      ]),
    );
  }

  /** Records that the main track has left to this key and its track has not read. */
  get unreadRecords(): number {
    let forgotten = 0;
    for (const { records } of this.#forgotten.values()) forgotten += records.size;
    return this.outstanding.total - this.#heldRecords - forgotten;
  }

  /** When the source received the oldest record that is not settled, at the earliest, in microseconds; undefined when all are. */
  get oldestWaitingUs(): number | undefined {
    if (this.outstanding.total === 0) return undefined;
    let oldest = this.unreadRecords > 0 ? this.#unreadFromUs : Number.POSITIVE_INFINITY;
    for (const { records } of this.#forgotten.values()) oldest = Math.min(oldest, records.oldestUs ?? oldest);
    for (const { positions } of this.#held.values()) oldest = Math.min(oldest, positions[0]?.receivedUs ?? oldest);
    return Number.isFinite(oldest) ? oldest : undefined;
  }

  /** True when the key's own track has read just what the main track has left to it, no less and no more. */
  get hasReadAll(): boolean {
    return this.isFollowing && !this.hasForgotten && this.unreadRecords === 0 && this.#digest === 0;
  }

  get hasForgotten(): boolean {
    return this.#forgotten.size > 0;
  }

  /** True when the track reads what was forgotten, not what follows. */
  get isFetcher(): boolean {
    return this.#track !== undefined && this.#isFetching;
  }

  /** True when all is settled and the main track has the key again. */
  get isDone(): boolean {
    return !this.isFollowing && this.#held.size === 0 && this.#forgotten.size === 0;
  }

  /** From where the main track stands now, the key's lines are this one's. */
  follow(main: Track, reason: string): void {
    this.#starts = forksOf(main);
    this.#followingUs = main.safeUs ?? main.oldestUnsettledUs ?? 0;
    this.#reason = reason;
    this.#generation += 1;
  }

  /** Takes over an event of the key that the lane holds. */
  adopt(delivery: EventDelivery): void {
    const { claim, service } = delivery;
    this.#hold(delivery);
    claim.setAside();
    this.outstanding.add(service, claim.records);
    delivery.settler = this;
  }

  /** The main track passes an event of the key. */
  leave({ event }: FeedEvent, claim: Claim): void {
    for (const position of claim.positions()) this.#digest ^= recordHash(position);
    claim.setAside();
    this.outstanding.add(event.service, claim.records);
  }

  /** Begins to read with a track that was made from {@link ParkedKey.nextStarts}. */
  begin(track: Track): void {
    this.#isFetching = this.#forgotten.size > 0;
    this.#track = track;
    this.#generation += 1;
  }

  /** True when an event that the track has read is one of those that it is to take. */
  isWanted(key: () => string, claim: Claim): boolean {
    if (!this.#isFetching) return key() === this.key;
    const position = claim.progress.settlement.positionAt(claim.first);
    return position !== undefined && (this.#forgotten.get(claim.shard)?.records.has(position) ?? false);
  }

  /** Takes an event that the track has read: it is held in memory from now on. */
  take(delivery: EventDelivery): void {
    const { claim } = delivery;
    const { positions } = this.#hold(delivery);
    claim.setAside();
    // Records, not events: where there is no room for all lines that are open, one reading may tear what another has whole.
    if (!this.#isFetching) for (const position of positions) this.#digest ^= recordHash(position);
    const forgotten = this.#forgotten.get(claim.shard);
    if (forgotten === undefined) return;
    for (const position of positions) forgotten.records.delete(position);
    if (forgotten.records.size === 0) this.#forgotten.delete(claim.shard);
  }

  /** Forgets events in memory: they are read again. */
  forget(deliveries: ReadonlySet<EventDelivery>): void {
    for (const [delivery, { positions, place }] of this.#held) {
      if (!deliveries.has(delivery)) continue;
      this.#release(delivery);
      const { shard } = delivery.claim;
      const forgotten = this.#forgotten.get(shard) ?? { place, records: new RecordSet() };
      this.#forgotten.set(shard, forgotten);
      forgotten.place = older(forgotten.place, place);
      for (const position of positions) forgotten.records.add(position);
    }
  }

  /**
   * Ends reading, and gives back what was read with.
   *
   * @param isCaughtUp the track stands where the main track does: what it has not found is gone from the source.
   */
  endTrack(isCaughtUp: boolean): Track | undefined {
    const track = this.#track;
    this.#track = undefined;
    if (track !== undefined && !this.#isFetching) {
      this.#followingUs = track.safeUs ?? this.#followingUs;
      this.#starts = isCaughtUp ? undefined : startsOf(track);
    }
    if (isCaughtUp) this.#giveUpMissing();
    return track;
  }

  /** An event is done that this one took or adopted. */
  settle(delivery: EventDelivery): void {
    const held = this.#held.get(delivery);
    if (held === undefined) return;
    this.#release(delivery);
    const { service } = delivery;
    for (let record = 0; record < held.positions.length; record += 1) {
      this.#account.settled(service, delivery.outcome);
    }
    this.outstanding.remove(service, held.positions.length);
  }

  state(): ParkedKeyState {
    return {
      key: this.key,
      reason: this.#reason,
      sinceMs: this.sinceMs,
      outstanding: this.outstanding.entries(),
      unsettled: this.#unsettled(),
      following: this.#following(),
      followingUs: this.#followingUs,
      digest: this.#digest,
    };
  }

  get #unreadFromUs(): number {
    const readUntilUs = this.#isFetching ? undefined : this.#track?.safeUs;
    return readUntilUs ?? this.#followingUs;
  }

  #hold(delivery: EventDelivery): HeldEvent {
    const { claim } = delivery;
    const { progress, first } = claim;
    const held = {
      positions: claim.positions(),
      place: { generation: this.#generation, ordinal: first, before: progress.placeBefore(first) },
    };
    this.#held.set(delivery, held);
    this.#heldRecords += held.positions.length;
    return held;
  }

  #release(delivery: EventDelivery): void {
    this.#heldRecords -= this.#held.get(delivery)?.positions.length ?? 0;
    this.#held.delete(delivery);
  }

  #giveUpMissing(): void {
    const missing = this.#isFetching
      ? this.outstanding.total - this.#heldRecords - this.unreadRecords
      : this.outstanding.total - this.#heldRecords;
    this.#forgotten.clear();
    if (!this.#isFetching) this.#digest = 0;
    for (let record = 0; record < missing; record += 1) this.#account.settled(this.outstanding.removeAny(), 'overrun');
  }

  #unsettled(): ParkedKeyState['unsettled'] {
    const shards = new Map<string, { place: Place; readonly encoder: RecordEncoder }>();
    const add = (shard: string, place: Place, records: RecordSet): void => {
      const known = shards.get(shard) ?? { place, encoder: new RecordEncoder() };
      shards.set(shard, known);
      known.place = older(known.place, place);
      records.encodeTo(known.encoder);
    };
    for (const [{ claim }, { positions, place }] of this.#held) add(claim.shard, place, RecordSet.of(positions));
    for (const [shard, { place, records }] of this.#forgotten) add(shard, place, records);
    return Object.fromEntries(
      Array.from(shards, ([shard, { place, encoder }]) => [
        shard,
        { resume: startOf(place), records: encoder.finish() },
      ]),
    );
  }

  #following(): ParkedKeyState['following'] {
    if (this.#track !== undefined && !this.#isFetching) return this.#track.states();
    if (this.#starts === undefined) return undefined;
    return Object.fromEntries(
      Array.from(this.#starts, ([shard, { resume, settled }]) => [shard, { resume, settled: settled.encode() }]),
    );
  }
}

/** Where a track stands, for another one that is to read what it has not taken. */
const forksOf = (track: Track): Starts =>
  new Map(Array.from(track.shards, ([shard, progress]) => [shard, progress.fork()]));

/** Where a track stands, for another one in its place. */
const startsOf = (track: Track): Starts =>
  new Map(
    Object.entries(track.states()).map(([shard, { resume, settled }]) => [
      shard,
      { resume, settled: RecordSet.decode(settled) },
    ]),
  );
