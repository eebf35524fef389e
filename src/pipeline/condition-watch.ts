import type { DestinationCondition } from '../delivery/dispatcher.ts';

/** How a destination looks at one moment. */
export interface DestinationSample {
  readonly state: DestinationCondition['state'];
  /** Records taken and not settled. */
  readonly pending: number;
  /** When its service last took or refused lines for good, on the monotonic clock. */
  readonly progressAtMs: number;
}

/** Knows since when a destination is as it is, and for how long it has got nowhere. To be shown it every second. */
export class ConditionWatch {
  #state: DestinationSample['state'] = 'ok';
  #sinceMs: number;
  #waitsSinceMs: number | undefined;
  #stalledMs = 0;

  /** @param nowMs of a clock that never steps. */
  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  observe({ state, pending, progressAtMs }: DestinationSample, nowMs: number): void {
    if (state !== this.#state) this.#sinceMs = nowMs;
    this.#state = state;
    // A sound destination's lines wait for their batch to fill, which may take an hour.
    const waits = pending > 0 && state !== 'ok';
    this.#waitsSinceMs = waits ? (this.#waitsSinceMs ?? nowMs) : undefined;
    this.#stalledMs = this.#waitsSinceMs === undefined ? 0 : nowMs - Math.max(this.#waitsSinceMs, progressAtMs);
  }

  /** When its state began, on the monotonic clock. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** How long lines have waited without any progress, in milliseconds; 0 when none wait, or it progresses. */
  get stalledMs(): number {
    return this.#stalledMs;
  }
}
