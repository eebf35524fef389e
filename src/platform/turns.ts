/** What steps may take of one turn, in milliseconds; the last of them may take longer. */
const budgetMs = 4;

/**
 * Shares out turns of the event loop among steps that take milliseconds each, in the order in which they ask. Several are often
 * ready at once, and whoever asks the health page would wait for all of them.
 */
export class Turns {
  readonly #now: () => number;
  /** When the first step of this turn began; undefined before it has. */
  #startedMs: number | undefined;
  /** Called before any step of the next turn, since it is queued before any that asks again. */
  readonly #end = (): void => {
    this.#startedMs = undefined;
  };

  /** @param now a clock that never steps, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Resolves in a turn to come that has time left. What is done before anything else is waited for is the step. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        if (this.#hasTime()) resolve();
        else setImmediate(begin);
      };
      setImmediate(begin);
    });
  }

  #hasTime(): boolean {
    const nowMs = this.#now();
    if (this.#startedMs === undefined) {
      this.#startedMs = nowMs;
      setImmediate(this.#end);
    }
    return nowMs - this.#startedMs <= budgetMs;
  }
}
