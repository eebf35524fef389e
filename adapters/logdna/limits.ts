import type { AcceptanceWindow, BatchLimits } from '#sdk';

/**
 * Mezmo's ingest reference allows 10 MB, but in November 2024 large requests were refused with "Message size too large" and
 * its support advised 1 MiB or less (logdna-agent-v2 issue 636).
 */
const maxBodyBytes = 1_000_000;

/** The recommended most, by a third-party summary of Mezmo's rate limits; its own reference names none. */
const maxBatchLines = 10_000;

// Of a line in bytes. Mezmo's own texts differ: its service is said to cut at 16 kB or at 32 kB, its older Node client cut
// at 32,000 characters. The whole of a line's JSON is held below it, so that `meta` (32 kB) stays below its limit as well.
export const defaultMaxLine = '16kB';
export const smallestLineBytes = 2_000;
export const largestLineBytes = 32_000;

/** Names (app, env, hostname) in characters: MAX_INPUT_LENGTH of @logdna/logger. */
export const maxNameLength = 80;

/** `{"lines":[` and `]}`. */
const envelopeBytes = 12;
/** `"timestamp":1795326000123,` goes into each line when it is sent, and a comma between lines. */
const perLineBytes = 27;

export const batchLimits = (options: { readonly max_line: number }): BatchLimits => ({
  maxBytes: maxBodyBytes,
  maxEvents: maxBatchLines,
  maxEventBytes: options.max_line,
  overheadPerEvent: perLineBytes,
  overheadPerBatch: envelopeBytes,
});

/** For a batch that waits to be filled, and for clocks that differ. */
const windowMarginMs = 10 * 60_000;

/** @logdna/logger takes no timestamp that is more than 24 h off. */
const windowMs = 24 * 3_600_000 - windowMarginMs;

export const acceptanceWindow: AcceptanceWindow = { pastMs: windowMs, futureMs: windowMs };
