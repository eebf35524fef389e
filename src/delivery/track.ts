import type { FeedEvent, FeedItem } from '../sdk/feed.ts';
import { type LaneAccount, uncounted } from '../sdk/lane-account.ts';
import type { StartPoint } from '../sdk/source.ts';
import { Claim } from './claim.ts';
import { laneMemory } from './lane-memory.ts';
import { RecordSet } from './record-set.ts';
import { ShardProgress, type ShardStart, type ShardState } from './shard-progress.ts';

/** Of an event that no source holds. */
export const noRecords = new Claim(
  new ShardProgress({ resume: { kind: 'beginning' }, settled: new RecordSet() }, uncounted),
  '',
  -1,
);

export interface TrackOptions {
  /** For the log: the destination, and what of it, if not all. */
  readonly name: string;
  readonly starts: ReadonlyMap<string, ShardStart>;
  readonly account: LaneAccount;
  /** True while it takes items that hold so many bytes more. */
  readonly hasRoom: (bytes: number) => boolean;
  /** True while the destination refuses: taking turns with others is then in vain. */
  readonly isRefused: () => boolean;
  /** Called for each event, once, with the records that are from then on the callee's to settle. */
  readonly onEvent: (event: FeedEvent, claim: Claim) => void;
}

/**
 * One way of a lane through the source, read from one feed at a time: where it stands in each shard, whichever feed that
 * is. A lane's main track takes everything; a key that is set aside gets a side track of its own.
 */
export class Track {
  readonly #options: TrackOptions;
  readonly #shards: ReadonlyMap<string, ShardProgress>;
  readonly #progresses: readonly ShardProgress[];

  constructor(options: TrackOptions) {
    this.#options = options;
    const { starts, account } = options;
    this.#shards = new Map([...starts].map(([shard, start]) => [shard, new ShardProgress(start, account)]));
    this.#progresses = [...this.#shards.values()];
  }

  get name(): string {
    return this.#options.name;
  }

  get hasRoom(): boolean {
    return this.#options.hasRoom(0);
  }

  /** True when there is room for what an item brings. */
  hasRoomFor(item: FeedItem): boolean {
    const own = item.kind === 'record' ? item.event : undefined;
    let bytes = own === undefined ? 0 : laneMemory(own.event);
    for (const { event } of item.joined) bytes += laneMemory(event);
    return this.#options.hasRoom(bytes);
  }

  get isRefused(): boolean {
    return this.#options.isRefused();
  }

  get shards(): ReadonlyMap<string, ShardProgress> {
    return this.#shards;
  }

  /** True where so many records lie between the oldest unsettled and the newest taken, and taking more is in vain. */
  spans(records: number): boolean {
    for (const progress of this.#progresses) {
      if (progress.settlement.span >= records && !progress.waitsForPieces) return true;
    }
    return false;
  }

  /** True while its feed is not yet where the track stands. */
  get isReadingAgain(): boolean {
    for (const { isReadingAgain } of this.#shards.values()) if (isReadingAgain) return true;
    return false;
  }

  /** From where a new feed would have to read, by shard. */
  get resume(): ReadonlyMap<string, StartPoint> {
    return new Map([...this.#shards].map(([shard, { resume }]) => [shard, resume]));
  }

  /** When the source received the newest record below which all is settled, of the shard that is furthest behind. */
  get safeUs(): number | undefined {
    const times = Array.from(this.#shards.values(), ({ settlement }) => settlement.safe?.receivedUs ?? 0);
    const oldest = Math.min(...times);
    return oldest > 0 ? oldest : undefined;
  }

  /** When the source received the oldest record taken here and not settled, in microseconds; undefined when all are. */
  get oldestUnsettledUs(): number | undefined {
    const times = Array.from(this.#shards.values(), ({ settlement }) => settlement.oldestUnsettled?.receivedUs ?? []);
    return times.flat().toSorted((one, other) => one - other)[0];
  }

  /** What is saved, by shard. */
  states(): Record<string, ShardState> {
    return Object.fromEntries([...this.#shards].map(([shard, progress]) => [shard, progress.state()]));
  }

  /** Takes the next item of its feed. The caller looks at {@link Track.hasRoomFor} first. */
  take(item: FeedItem): void {
    const progress = this.#shards.get(item.shard);
    if (progress === undefined) return;
    const ordinal = item.kind === 'record' ? progress.take(item) : undefined;
    for (const event of item.joined) {
      const [first, ...others] = progress.claim(event);
      if (first !== undefined) this.#options.onEvent(event, new Claim(progress, item.shard, first, others));
    }
    if (item.kind !== 'record' || item.event === undefined || ordinal === undefined) return;
    this.#options.onEvent(item.event, new Claim(progress, item.shard, ordinal));
  }
}
