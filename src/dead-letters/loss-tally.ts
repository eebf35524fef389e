import type { Clock } from '../platform/clock.ts';

/** The agent's own lines are shipped themselves: one per lost letter would make more of them. */
const sayEveryMs = 10_000;

/** Counts letters that are lost and says so: the first at once, then how many since. */
export class LossTally {
  readonly #clock: Clock;
  readonly #say: (letters: number, why: string) => void;
  #total = 0;
  #unsaid = 0;
  #saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, say: (letters: number, why: string) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  get total(): number {
    return this.#total;
  }

  add(letters: number, why: string): void {
    if (letters === 0) return;
    this.#total += letters;
    this.#unsaid += letters;
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#saidAtMs < sayEveryMs) return;
    this.#say(this.#unsaid, why);
    this.#saidAtMs = nowMs;
    this.#unsaid = 0;
  }
}
