/** What steps may take of one turn, in milliseconds; the last of them may take longer. */
const budgetMs = 4;

/**
 * Shares out turns of the event loop among steps that take milliseconds each, in the order in which they ask. Several are often
 * ready at once, and whoever asks the health page would wait for all of them.
 */
export class Turns {
  readonly #now: () => number;
  /** Those who wait, the first of them first. */
  readonly #waiting: (() => void)[] = [];
  /** When the first step of this turn began; undefined before it has. */
  #startedMs: number | undefined;
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
      this.#waiting.push(resolve);
      setImmediate(this.#run);
    });
  }

  /** Each call lets one step be done, be it this turn or a later one: as many calls are queued as steps wait. */
  readonly #run = (): void => {
    if (this.#hasTime()) this.#waiting.shift()?.();
    else setImmediate(this.#run);
  };

  #hasTime(): boolean {
    const nowMs = this.#now();
    if (this.#startedMs === undefined) {
      this.#startedMs = nowMs;
      setImmediate(this.#end);
    }
    return nowMs - this.#startedMs <= budgetMs;
  }
}
