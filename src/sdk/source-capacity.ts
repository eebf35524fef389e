/** Records that leave a source together, all at once: a journal file. */
export interface SourceSegment {
  /** Receive time of its oldest record, in microseconds since the epoch. */
  readonly firstUs: number;
  /** Of its newest. */
  readonly lastUs: number;
  /** What it takes of the source's capacity. */
  readonly bytes: number;
  /** How much of that is written; less in a segment that is not full yet. */
  readonly writtenBytes: number;
}

/** How much a source holds, and how much it may: it loses its oldest segment when it holds more. */
export interface SourceCapacity {
  /** False where a reboot empties it. */
  readonly persistent: boolean;
  readonly usedBytes: number;
  /** How much it may hold; undefined where that is not known. */
  readonly maxBytes: number | undefined;
  /** The most that it loses at once; undefined where that is not known. */
  readonly maxSegmentBytes: number | undefined;
  /** Age at which records are removed; undefined where none are for their age. */
  readonly maxRetentionMs: number | undefined;
  /** Receive times of the oldest and the newest record, in microseconds since the epoch. */
  readonly oldestUs: number;
  readonly newestUs: number;
  /** By the time of their oldest record. */
  readonly segments: readonly SourceSegment[];
}

/** A rate is that of at least so much time, where the source holds as much: a burst of a second is no trend. */
const shortestTrendUs = 60 * 1e6;
/** Of less time nothing follows. */
const shortestSpanUs = 1e6;

/**
 * Bytes per second at which the source fills at present: that of its newest segments. In one that is full, their size over
 * their time is its capacity at present rates. Undefined in a source that is too young to tell.
 */
export const fillRate = ({ segments, newestUs }: SourceCapacity): number | undefined => {
  let bytes = 0;
  let spanUs = 0;
  for (const segment of segments.toReversed()) {
    bytes += segment.writtenBytes;
    spanUs = Math.max(spanUs, newestUs - segment.firstUs);
    if (spanUs >= shortestTrendUs) break;
  }
  return spanUs < shortestSpanUs ? undefined : (bytes / spanUs) * 1e6;
};

/** Milliseconds until so many bytes are written; for ever when nothing is. */
const msToFill = (bytes: number, bytesPerSecond: number): number => (bytes <= 0 ? 0 : (bytes / bytesPerSecond) * 1000);

const nearer = (first: number | undefined, second: number | undefined): number | undefined =>
  first === undefined || second === undefined ? (first ?? second) : Math.min(first, second);

/**
 * How long a record is held, in milliseconds, when the source fills at a rate: the least that is sure, since the newest
 * record of a full segment leaves with its oldest. Infinity when it does not fill, undefined when its limits are not known.
 */
export const queueCapacityMs = (capacity: SourceCapacity, bytesPerSecond: number): number | undefined => {
  const { maxBytes, maxSegmentBytes = 0, maxRetentionMs } = capacity;
  const bySize = maxBytes === undefined ? undefined : msToFill(maxBytes - maxSegmentBytes, bytesPerSecond);
  return nearer(bySize, maxRetentionMs);
};

/** The segments from the oldest one on that may hold records as old as that or newer. */
const segmentsFrom = ({ segments }: SourceCapacity, receivedUs: number): readonly SourceSegment[] => {
  const first = segments.findIndex(({ lastUs }) => lastUs >= receivedUs);
  return first === -1 ? [] : segments.slice(first);
};

/**
 * How long it takes, in milliseconds and at the least, until the source loses a record received at `receivedUs`: its
 * segment leaves when it and all newer ones are more than the source may hold, or when its oldest record is too old.
 * 0 when it may be lost already, Infinity when it is not going to be, undefined when the source's limits are not known.
 *
 * @param nowUs the wall clock, in microseconds since the epoch
 */
export const msUntilLoss = (
  capacity: SourceCapacity,
  receivedUs: number,
  bytesPerSecond: number,
  nowUs: number,
): number | undefined => {
  const { maxBytes, maxRetentionMs, oldestUs } = capacity;
  if (receivedUs < oldestUs) return 0;
  const held = segmentsFrom(capacity, receivedUs);
  const heldBytes = held.reduce((sum, { bytes }) => sum + bytes, 0);
  const ageMs = Math.max(0, (nowUs - (held[0]?.firstUs ?? receivedUs)) / 1000);
  const bySize = maxBytes === undefined ? undefined : msToFill(maxBytes - heldBytes, bytesPerSecond);
  return nearer(bySize, maxRetentionMs === undefined ? undefined : Math.max(0, maxRetentionMs - ageMs));
};
