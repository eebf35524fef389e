import type { Clock } from '../platform/clock.ts';

export interface WatchdogOptions {
  /** How often it is fed, in milliseconds. */
  readonly intervalMs: number;
  readonly clock: Clock;
  /** How long a reader has stood still while its source grew, in milliseconds. */
  readonly readerSilentMs: () => number;
  /** Tells whoever would restart us that we live. */
  readonly feed: () => void;
}

/**
 * A source may need ten minutes to find out by itself that its reader hangs, and reads all of a damaged journal of many
 * gigabytes for where to go on: a restart is for when that did not help.
 */
const readerLimitMs = 30 * 60_000;

/**
 * Feeds a watchdog for as long as the event loop turns and the reader does its work, until `signal` aborts. A reader that
 * is held back because no destination takes anything does: a service's bad hour must not restart the fleet.
 */
export const feedWatchdog = async (options: WatchdogOptions, signal: AbortSignal): Promise<void> => {
  const { intervalMs, clock, readerSilentMs, feed } = options;
  while (!signal.aborted) {
    if (readerSilentMs() < readerLimitMs) feed();
    await clock.sleep(intervalMs, signal).catch(() => undefined);
  }
};
