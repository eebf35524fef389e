/** Age is stretched at most this far: a minute at CloudWatch's default of 5 s. */
const maxStretch = 12;

/**
 * How hard a lane may press a destination: additive increase, multiplicative decrease, as congestion control does it. A
 * destination that throttles gets fewer requests at once and fuller batches, and comes back slowly.
 */
export class Pace {
  readonly #maxConcurrency: number;
  #concurrency: number;
  #stretch = 1;

  constructor(maxConcurrency: number) {
    this.#maxConcurrency = maxConcurrency;
    this.#concurrency = maxConcurrency;
  }

  /** Requests that may be on their way at once; a whole number of at least 1. */
  get concurrency(): number {
    return Math.max(1, Math.floor(this.#concurrency));
  }

  /** Factor on the age that a batch may reach. */
  get stretch(): number {
    return this.#stretch;
  }

  /** The destination as a whole refused, throttled or did not answer. */
  slowDown(): void {
    this.#concurrency = Math.max(1, this.#concurrency / 2);
    this.#stretch = Math.min(maxStretch, this.#stretch * 1.5);
  }

  /** A request went well. */
  speedUp(): void {
    this.#concurrency = Math.min(this.#maxConcurrency, this.#concurrency + 1 / Math.max(1, this.#concurrency));
    this.#stretch = Math.max(1, this.#stretch * 0.95);
  }
}
