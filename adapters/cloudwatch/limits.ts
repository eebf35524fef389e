import type { AcceptanceWindow, BatchLimits } from '#sdk';

// Limits of one request, from the API reference of PutLogEvents ("The batch of events must satisfy ...").
/** Sum of the messages in UTF-8 and {@link overheadPerEventBytes} for each event. */
const maxBatchBytes = 1_048_576;
export const overheadPerEventBytes = 26;
const maxBatchEvents = 10_000;
const maxSpanMs = 24 * 3_600_000;
const maxPastMs = 14 * 86_400_000;
const maxFutureMs = 2 * 3_600_000;

/** The largest event that still fits a batch alone. */
export const largestEventBytes = maxBatchBytes - overheadPerEventBytes;

/**
 * The reference says "no larger than 1 MB" and not whether that is 10^6 or 2^20, so the smaller is used. (It was 256 KB
 * until April 2025; endpoints that still hold to it want `max_event: 262118B`.)
 */
export const defaultMaxEvent = '1MB';

/**
 * An event at the very edge of the window may leave it while its batch waits to be filled, sent and sent again, and this
 * host's clock may be some minutes off.
 */
const windowMarginMs = 10 * 60_000;

/** What one PutLogEvents takes. */
export const batchLimits = (options: { readonly max_event: number }): BatchLimits => ({
  maxBytes: maxBatchBytes,
  maxEvents: maxBatchEvents,
  maxEventBytes: options.max_event,
  overheadPerEvent: overheadPerEventBytes,
  overheadPerBatch: 0,
  maxSpanMs,
});

/** Which events PutLogEvents takes: not older than 14 days or the group's retention, not 2 hours ahead. */
export const acceptanceWindow = (options: { readonly retention?: number | undefined }): AcceptanceWindow => ({
  pastMs: Math.min(maxPastMs, options.retention ?? maxPastMs) - windowMarginMs,
  futureMs: maxFutureMs - windowMarginMs,
});

// Limits of names, from the API reference of CreateLogGroup and CreateLogStream.
/** UTF-16 units, which are never fewer than characters. */
export const maxNameLength = 512;

// Calls per second, kept below the quotas of an account and region, which its other hosts share. Together a burst and one
// second of the steady rate stay below the quota.
/** CreateLogStream: 50 per second (its API reference). */
export const streamCreationRate = { burst: 20, perSecond: 25 };
/** CreateLogGroup and PutRetentionPolicy: 10 per second (CloudWatch Logs quotas). */
export const groupCreationRate = { burst: 3, perSecond: 4 };

/** Days that PutRetentionPolicy takes (its API reference). */
export const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Tags that a log group can have (API reference of CreateLogGroup). */
export const maxTags = 50;
