// What the service documents, written down a second time on purpose: the fake must not learn limits from the adapter.

/** API reference of PutLogEvents. */
export const put = {
  maxBatchBytes: 1_048_576,
  overheadPerEventBytes: 26,
  maxEvents: 10_000,
  maxSpanMs: 86_400_000,
  maxPastMs: 14 * 86_400_000,
  maxFutureMs: 2 * 3_600_000,
} as const;

/** API reference of CreateLogGroup and CreateLogStream. */
export const names = {
  maxLength: 512,
  group: /^[.\-_/#A-Za-z0-9]+$/,
  stream: /^[^:*]*$/,
} as const;

/** API reference of PutRetentionPolicy. */
export const retentionDays: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** Calls that one second may hold, where a quota is known. */
export const callsPerSecond: ReadonlyMap<string, number> = new Map([
  ['CreateLogStream', 50],
  ['CreateLogGroup', 10],
  ['PutRetentionPolicy', 10],
]);
