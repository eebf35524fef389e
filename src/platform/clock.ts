import { setTimeout as delay } from 'node:timers/promises';
import { Turns } from './turns.ts';

/** Time, as a parameter, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never steps; for durations. */
  monotonic(): number;
  /** Resolves after `ms`, or rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Resolves when a step that takes milliseconds may be done; see {@link Turns}. No time passes. */
  nextTurn(): Promise<void>;
}

const turns = new Turns(() => performance.now());

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    signal.throwIfAborted();
    await delay(ms, undefined, { signal }).catch(() => {
      signal.throwIfAborted();
    });
  },
  nextTurn: async () => await turns.next(),
};
