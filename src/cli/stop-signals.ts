import type { Clock } from '../platform/clock.ts';
import { exitCode } from './exit-code.ts';

/** A terminal's ^C reaches launcher and agent, and the launcher passes it on: one wish, told twice. */
const sameWishMs = 500;

/**
 * The first SIGTERM, SIGINT or SIGHUP (its terminal is gone) asks for an orderly end; a later one ends at once. The
 * launcher's death, which shows as the end of the channel to it, asks for an orderly end as well.
 */
export const onStopSignal = (clock: Clock, stop: (reason: string) => void): void => {
  let askedAtMs: number | undefined;
  const ask = (reason: string): void => {
    if (askedAtMs !== undefined) return;
    askedAtMs = clock.monotonic();
    stop(reason);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (askedAtMs !== undefined && clock.monotonic() - askedAtMs > sameWishMs) process.exit(exitCode.general);
      ask(signal);
    });
  }
  if (process.channel !== undefined && process.channel !== null) {
    process.on('disconnect', () => ask('the launcher is gone'));
    process.channel.unref();
  }
};
