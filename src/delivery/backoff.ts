/** Bounds of a wait between attempts, in milliseconds. */
export interface BackoffLimits {
  readonly firstMs: number;
  readonly ceilingMs: number;
}

/** For failures that usually heal soon: throttling, restarts, networks. */
export const retryBackoff: BackoffLimits = { firstMs: 500, ceilingMs: 30_000 };

/** For failures that people heal: credentials, rights, quotas. */
export const deniedBackoff: BackoffLimits = { firstMs: 5000, ceilingMs: 300_000 };

/** A service's `Retry-After` is honoured up to this; longer would look like giving up. */
const retryAfterCeilingMs = 600_000;

/**
 * Exponential back-off with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog), never below a
 * service's own `Retry-After`.
 *
 * @param attempt 1 for the wait after the first failure.
 * @param random in [0, 1).
 */
export const backoffMs = (
  limits: BackoffLimits,
  attempt: number,
  random: () => number,
  retryAfterMs: number | undefined,
): number => {
  const exponential = Math.min(limits.ceilingMs, limits.firstMs * 2 ** Math.min(attempt - 1, 30));
  const jittered = Math.max(limits.firstMs / 10, random() * exponential);
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, retryAfterCeilingMs));
};
