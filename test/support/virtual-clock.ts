import type { Clock } from '../../src/platform/clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** How many turns of the event loop without a sleeper mean that nothing will happen any more. */
const patience = 10_000;

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

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper = { dueMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Lets time pass, from one sleeper to the next, until `isDone`. Throws when nothing is left that could make it so. */
  async runUntil(isDone: () => boolean): Promise<void> {
    for (let idle = 0; !isDone();) {
      await turn();
      if (isDone()) return;
      idle = this.#wakeNext() ? 0 : idle + 1;
      if (idle > patience) throw new Error('nobody sleeps and the condition does not hold');
    }
  }

  #wakeNext(): boolean {
    this.#sleepers.sort((one, other) => one.dueMs - other.dueMs);
    const next = this.#sleepers.shift();
    if (next === undefined) return false;
    this.#nowMs = Math.max(this.#nowMs, next.dueMs);
    next.wake();
    return true;
  }
}
