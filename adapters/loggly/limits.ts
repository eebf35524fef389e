import type { BatchLimits } from '#sdk';

/**
 * Loggly, "HTTP/S Bulk Endpoint": 5 MB per batch; other shippers were answered 413 at just that size (fluent-plugin-loggly
 * issue 13). Larger requests than this are no cheaper per line, and more of them comes again after a failure.
 */
const maxBatchBytes = 1_000_000;

/** Loggly, "HTTP/S Bulk Endpoint": 1 MB per event; as 10^6, since the page does not say, the line break included. */
const maxLineBytes = 1_000_000;

const lineBreakBytes = 1;

/** Loggly documents no limit; this one bounds what a single failure sends again. */
const maxBatchEvents = 10_000;

export const batchLimits: BatchLimits = {
  maxBytes: maxBatchBytes,
  maxEvents: maxBatchEvents,
  maxEventBytes: maxLineBytes - lineBreakBytes,
  overheadPerEvent: lineBreakBytes,
  overheadPerBatch: 0,
};

/** Loggly, "Tags": letters, digits, `-`, `_` and `.`, a letter or digit first, 64 characters. */
export const maxTagLength = 64;

/** Tags are a part of the URL, which proxies bound at 8 kB at best and 2 kB at worst. */
export const maxTags = 10;
