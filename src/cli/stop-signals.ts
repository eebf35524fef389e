import type { Clock } from '../platform/clock.ts';
import { exitCode } from './exit-code.ts';

/** A terminal's ^C reaches launcher and agent, and the launcher passes it on: one wish, told twice. */
const sameWishMs = 500;

const endSignals = ['SIGTERM', 'SIGINT'] as const;

/**
 * The first SIGTERM or SIGINT asks for an orderly end; a later one ends at once. The launcher's death, which shows as the
 * end of the channel to it, asks for an orderly end as well. SIGHUP asks for it where a terminal that is gone says so.
 *
 * @returns a function that stops listening.
 */
export const onStopSignal = (clock: Clock, stop: (reason: string) => void, isHangupAnEnd = true): (() => void) => {
  const signals = isHangupAnEnd ? [...endSignals, 'SIGHUP' as const] : endSignals;
  let askedAtMs: number | undefined;
  const ask = (reason: string): void => {
    if (askedAtMs !== undefined) return;
    askedAtMs = clock.monotonic();
    stop(reason);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (askedAtMs !== undefined && clock.monotonic() - askedAtMs > sameWishMs) process.exit(exitCode.general);
    ask(signal);
  };
  const onDisconnect = (): void => ask('the launcher is gone');
  for (const signal of signals) process.on(signal, onSignal);
  process.on('disconnect', onDisconnect);
  process.channel?.unref();
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('disconnect', onDisconnect);
  };
};
