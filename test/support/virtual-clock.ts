import type { Clock } from '../../src/platform/clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop after which a condition that does not hold yet never will. */
const patience = 50_000;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when everybody sleeps: waits of hours take no time and need no luck. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];

  constructor(startMs = 1_795_326_000_000) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  /** How many wait at the moment. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  nextTurn(): Promise<void> {
    return Promise.resolve();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      };
      const wake = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper = { dueMs: this.#nowMs + ms, wake };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', onAbort);
    });
  }

  /** Lets time pass, from one sleeper to the next, until `isDone`. Throws when that takes too long to be true. */
  async runUntil(isDone: () => boolean): Promise<void> {
    for (let turns = 0; !isDone(); turns += 1) {
      if (turns > patience) throw new Error(`the condition does not hold after ${patience} turns`);
      await turn();
      if (!isDone()) this.#wakeNext();
    }
  }

  #wakeNext(): void {
    this.#sleepers.sort((one, other) => one.dueMs - other.dueMs);
    const next = this.#sleepers.shift();
    if (next === undefined) return;
    this.#nowMs = Math.max(this.#nowMs, next.dueMs);
    next.wake();
  }
}
