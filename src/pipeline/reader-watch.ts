import type { RecordPosition } from '../event/record.ts';
import type { ReaderStatus } from './status.ts';

/** A reader, as its watch sees it. */
export interface ReaderView {
  readonly id: number;
  /** The record it read last; undefined before the first. */
  readonly newest: RecordPosition | undefined;
  /** True while it reads nothing because no destination takes what it has read. */
  readonly isPaused: boolean;
  /** Whether it has read up to a record, or began after it. */
  hasRead(record: RecordPosition): boolean;
}

interface Observation {
  newest: RecordPosition | undefined;
  advancedAtMs: number;
  soundAtMs: number;
  isPaused: boolean;
  /** Identity of the source's newest record when the reader was first found not to have it. */
  unreadHead: string | undefined;
  /** The source got newer records since. */
  hasGrown: boolean;
}

/** After such a silence the source's newest record is looked up. */
const silenceMs = 30_000;
/** A reader that advanced no longer ago than this is reading. */
const recentMs = 5000;

/**
 * Tells a reader that stands still from one that has nothing to read and one that is held back on purpose. To be shown
 * the readers every second, and the source's newest record when {@link ReaderWatch.wantsHead}.
 *
 * A record that a reader does not get, at the end of a source that does not grow, proves nothing: after a clock was set
 * back, the newest by time may lie before what was read.
 */
export class ReaderWatch {
  readonly #observations = new Map<number, Observation>();
  #headAtMs = Number.NEGATIVE_INFINITY;
  #soundAtMs: number;

  /** @param nowMs of a clock that never steps. */
  constructor(nowMs: number) {
    this.#soundAtMs = nowMs;
  }

  observe(readers: readonly ReaderView[], nowMs: number): void {
    const ids = new Set(readers.map(({ id }) => id));
    for (const id of this.#observations.keys()) if (!ids.has(id)) this.#observations.delete(id);
    for (const reader of readers) this.#observe(reader, nowMs);
    this.#soundAtMs = Math.min(nowMs, ...[...this.#observations.values()].map(({ soundAtMs }) => soundAtMs));
  }

  /** True when a reader has been silent for so long that only the source's newest record tells what it does. */
  wantsHead(nowMs: number): boolean {
    if (nowMs - this.#headAtMs < silenceMs) return false;
    return [...this.#observations.values()].some(({ soundAtMs }) => nowMs - soundAtMs >= silenceMs);
  }

  /** @param head the source's newest record; undefined when there is none, or nobody knows. */
  sawHead(head: RecordPosition | undefined, readers: readonly ReaderView[], nowMs: number): void {
    this.#headAtMs = nowMs;
    for (const reader of readers) {
      const seen = this.#observations.get(reader.id);
      if (seen === undefined) continue;
      const unread = head === undefined || reader.hasRead(head) ? undefined : head.id();
      if (unread === undefined) seen.unreadHead = undefined;
      else if (seen.unreadHead !== undefined && unread !== seen.unreadHead) seen.hasGrown = true;
      seen.unreadHead ??= unread;
      if (unread === undefined) seen.hasGrown = false;
      if (!seen.hasGrown) seen.soundAtMs = nowMs;
    }
  }

  /** When all readers were last seen to advance, to be paused or to have read all, on the monotonic clock. */
  get soundAtMs(): number {
    return this.#soundAtMs;
  }

  state(nowMs: number): ReaderStatus['state'] {
    const all = [...this.#observations.values()];
    if (all.some(({ hasGrown }) => hasGrown)) return 'standing still';
    if (all.some(({ advancedAtMs, isPaused }) => !isPaused && nowMs - advancedAtMs <= recentMs)) return 'reading';
    return all.some(({ isPaused }) => isPaused) ? 'paused' : 'idle';
  }

  #observe({ id, newest, isPaused }: ReaderView, nowMs: number): void {
    const seen = this.#observations.get(id) ?? this.#begin(id, nowMs);
    const hasAdvanced = newest !== seen.newest;
    if (hasAdvanced) seen.advancedAtMs = nowMs;
    if (hasAdvanced || isPaused) {
      seen.soundAtMs = nowMs;
      seen.unreadHead = undefined;
      seen.hasGrown = false;
    }
    seen.newest = newest;
    seen.isPaused = isPaused;
  }

  #begin(id: number, nowMs: number): Observation {
    const observation: Observation = {
      newest: undefined,
      advancedAtMs: Number.NEGATIVE_INFINITY,
      soundAtMs: nowMs,
      isPaused: false,
      unreadHead: undefined,
      hasGrown: false,
    };
    this.#observations.set(id, observation);
    return observation;
  }
}
