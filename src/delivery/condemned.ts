import type { Settled } from './apply-result.ts';
import type { LaneBatch } from './lane-batch.ts';

/** An event that the service refused alone, by refusing the whole request. */
export interface CondemnedEvent {
  readonly settled: Settled;
  readonly batch: LaneBatch;
}

/** So many refusals in a row without one delivery speak of the endpoint, not of the lines. */
const mostInDoubt = 50;

/**
 * Events whose refusal is not believed yet. A wrong endpoint, or a proxy before the right one, refuses everything with the
 * same 400 or 413 as a service refuses one bad line: only a line that is refused again after something else was delivered is
 * bad itself. Until then nothing is dropped.
 */
export class Condemned {
  #events: CondemnedEvent[] = [];
  #deliveries = 0;

  /** Rises with every request of which the service took something. */
  get deliveries(): number {
    return this.#deliveries;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** True when there are too many of them to blame the lines. */
  get blamesDestination(): boolean {
    return this.#events.length >= mostInDoubt;
  }

  /** True when something was delivered since the batch was refused for the first time. */
  isProven({ refusedAt = this.#deliveries }: LaneBatch): boolean {
    return this.#deliveries > refusedAt;
  }

  /** Those of a key. */
  batchesOf(key: string): readonly LaneBatch[] {
    return this.#events.flatMap(({ batch }) => (batch.key === key ? batch : []));
  }

  add(event: CondemnedEvent): void {
    this.#events.push(event);
  }

  /** The service took something. Gives back what it refused before, to be tried once more. */
  delivered(): readonly CondemnedEvent[] {
    this.#deliveries += 1;
    return this.#takeAll();
  }

  /** Gives all of them back, in the order of their refusal, to be sent again. */
  acquit(): readonly CondemnedEvent[] {
    return this.#takeAll();
  }

  #takeAll(): readonly CondemnedEvent[] {
    if (this.#events.length === 0) return this.#events;
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
