/** A service that asks for more is asked again after this anyway; lanes cap their own back-off far below. */
const ceilingMs = 3_600_000;

/** Milliseconds to wait by a `Retry-After` header (RFC 9110 section 10.2.3: seconds or a date); undefined if senseless. */
export const parseRetryAfter = (header: string | undefined, nowMs: number): number | undefined => {
  if (header === undefined) return undefined;
  const isSeconds = /^\d{1,9}$/.test(header);
  // Date.parse makes a date of almost anything, also of "-5".
  if (!isSeconds && !header.endsWith(' GMT')) return undefined;
  const waitMs = isSeconds ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), ceilingMs);
};
