import type { Outcome } from '../event/outcome.ts';
import type { RecordPosition } from '../event/record.ts';
import type { ShardProgress } from './shard-progress.ts';

const none: readonly number[] = [];

/** An event's records as a track took them, to be settled when the event is. */
export class Claim {
  readonly progress: ShardProgress;
  readonly shard: string;
  /** Ordinal in `progress.settlement` of the first one. */
  readonly first: number;
  /** Of the others, where the event was joined. */
  readonly #others: readonly number[];

  constructor(progress: ShardProgress, shard: string, first: number, others = none) {
    this.progress = progress;
    this.shard = shard;
    this.first = first;
    this.#others = others;
  }

  /** The claim to another record that the same track took. */
  ofRecord(ordinal: number): Claim {
    return new Claim(this.progress, this.shard, ordinal);
  }

  get records(): number {
    return 1 + this.#others.length;
  }

  /** Where they stand in the source. */
  positions(): RecordPosition[] {
    const { settlement } = this.progress;
    return [this.first, ...this.#others].flatMap((ordinal) => settlement.positionAt(ordinal) ?? []);
  }

  /** They ended with the event; `service` is the event's. */
  settle(service: string, outcome: Outcome): void {
    const { settlement } = this.progress;
    settlement.settle(this.first, service, outcome);
    for (const ordinal of this.#others) settlement.settle(ordinal, service, outcome);
  }

  /** Another settles them. */
  setAside(): void {
    const { settlement } = this.progress;
    settlement.setAside(this.first);
    for (const ordinal of this.#others) settlement.setAside(ordinal);
  }

  /** They are not to be settled by whoever took them here. */
  leave(): void {
    const { settlement } = this.progress;
    settlement.leave(this.first);
    for (const ordinal of this.#others) settlement.leave(ordinal);
  }
}
