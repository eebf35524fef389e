import type { Clock } from '#sdk';

/** No whole answer came in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Runs `perform` until it settles, `signal` aborts or `timeoutMs` have passed, whichever is first; then aborts the signal
 * that `perform` got, so that nothing goes on behind it.
 *
 * @throws {TimeoutError} when the time has passed; the signal's reason when it aborted.
 */
export const withDeadline = async <Result>(
  perform: (signal: AbortSignal) => Promise<Result>,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result> => {
  signal.throwIfAborted();
  const over = new AbortController();
  const onAbort = () => over.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const deadline = clock.sleep(timeoutMs, over.signal).then((): never => {
    throw new TimeoutError(`no answer within ${timeoutMs} ms`);
  });
  try {
    return await Promise.race([perform(over.signal), deadline]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    over.abort();
  }
};
