import type { Clock } from '#sdk';

/** How often something may happen. */
export interface Rate {
  /** At once, after a pause. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Gives out turns at a rate (a token bucket with reservations). */
export class Pace {
  readonly #rate: Rate;
  readonly #clock: Clock;
  /** Monotonic milliseconds of the next turn if none had been saved up. */
  #nextMs = -Infinity;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Takes the next turn; gives the milliseconds until it. */
  reserve(): number {
    const now = this.#clock.monotonic();
    const intervalMs = 1000 / this.#rate.perSecond;
    const turnMs = Math.max(this.#nextMs, now - (this.#rate.burst - 1) * intervalMs);
    this.#nextMs = turnMs + intervalMs;
    return Math.max(0, turnMs - now);
  }
}
