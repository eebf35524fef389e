import type { Clock } from '../../platform/clock.ts';

/** What was not used of the rate may be made up for within this. */
const burstMs = 100;

/**
 * A rate that is kept by waiting. What something costs may turn out after it was done: the bucket goes into debt then, and
 * the next wait is the longer.
 */
export class TokenBucket {
  readonly #perMs: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAtMs: number;

  constructor(perSecond: number, clock: Clock) {
    this.#perMs = perSecond / 1000;
    this.#clock = clock;
    this.#tokens = this.#perMs * burstMs;
    this.#filledAtMs = clock.monotonic();
  }

  take(tokens: number): void {
    this.#tokens -= tokens;
  }

  /** Resolves when the bucket is out of debt; rejects with the signal's reason when it aborts first. */
  async ready(signal: AbortSignal): Promise<void> {
    for (this.#fill(); this.#tokens < 0; this.#fill()) {
      await this.#clock.sleep(Math.max(1, -this.#tokens / this.#perMs), signal);
    }
  }

  #fill(): void {
    const nowMs = this.#clock.monotonic();
    const filled = this.#tokens + (nowMs - this.#filledAtMs) * this.#perMs;
    this.#tokens = Math.min(this.#perMs * burstMs, filled);
    this.#filledAtMs = nowMs;
  }
}
