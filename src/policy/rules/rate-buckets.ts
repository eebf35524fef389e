/** What a bucket holds. */
export interface RateLimit {
  /** Most events at once. */
  readonly burst: number;
  /** Microseconds in which an empty bucket fills up. */
  readonly intervalUs: number;
}

/** In units of which an event costs `intervalUs` and a microsecond pays `burst`: whole numbers, nothing is rounded. */
interface Bucket {
  debt: number;
  lastUs: number;
}

type Generation = Map<string, Map<string, Bucket>>;

/** Buckets of the generation in use; with those of the one before, at most twice as many are kept. */
const maxRecent = 5000;

/**
 * A token bucket for each service and stream, full at first. Of very many, those unused for longest are forgotten, and
 * full again when they come back.
 */
export class RateBuckets {
  readonly #limit: RateLimit;
  #recent: Generation = new Map();
  #older: Generation = new Map();
  #recentCount = 0;
  #olderCount = 0;

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Buckets kept. */
  get size(): number {
    return this.#recentCount + this.#olderCount;
  }

  /**
   * Takes a token; false when there is none.
   *
   * @param nowUs journal time, in microseconds since the epoch. A little back is the same moment: a joined line has the
   *   time of its first piece. Further back than the interval, the clock was set.
   */
  take(service: string, stream: string, nowUs: number): boolean {
    const { burst, intervalUs } = this.#limit;
    const bucket = this.#bucketOf(service, stream, nowUs);
    const elapsedUs = nowUs - bucket.lastUs;
    if (elapsedUs > 0) bucket.debt = Math.max(0, bucket.debt - elapsedUs * burst);
    if (elapsedUs > 0 || elapsedUs < -intervalUs) bucket.lastUs = nowUs;
    if (bucket.debt + intervalUs > burst * intervalUs) return false;
    bucket.debt += intervalUs;
    return true;
  }

  #bucketOf(service: string, stream: string, nowUs: number): Bucket {
    const known = this.#recent.get(service)?.get(stream);
    if (known !== undefined) return known;
    if (this.#recentCount === maxRecent) this.#startGeneration();
    const bucket = this.#older.get(service)?.get(stream) ?? { debt: 0, lastUs: nowUs };
    const ofService = this.#recent.get(service) ?? new Map<string, Bucket>();
    this.#recent.set(service, ofService.set(stream, bucket));
    this.#recentCount += 1;
    return bucket;
  }

  #startGeneration(): void {
    this.#older = this.#recent;
    this.#olderCount = this.#recentCount;
    this.#recent = new Map();
    this.#recentCount = 0;
  }
}
