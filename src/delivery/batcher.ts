import type { BatchLimits } from '../sdk/batch.ts';
import type { LaneBatch } from './lane-batch.ts';
import type { LaneEntry } from './lane-entry.ts';
import { WaitingEntries } from './waiting-entries.ts';

const none: readonly LaneBatch[] = [];

interface OpenBatch {
  readonly entries: WaitingEntries;
  bytes: number;
  oldestMs: number;
  newestMs: number;
  readonly openedAtMs: number;
}

/**
 * Collects entries into batches within a service's limits, one open batch per key, in the order they came.
 *
 * A full batch comes back from `add`; what is left is taken by age or all at once.
 */
export class Batcher {
  readonly #limits: BatchLimits;
  readonly #keepsEvents: boolean;
  /** In the order in which they were opened, so that the oldest is first. */
  readonly #open = new Map<string, OpenBatch>();

  /** @param keepsEvents true: no event is made anew of its line. */
  constructor(limits: BatchLimits, keepsEvents: boolean) {
    this.#limits = limits;
    this.#keepsEvents = keepsEvents;
  }

  get openBatches(): number {
    return this.#open.size;
  }

  /** When the oldest open batch was opened, on the clock that `add` was given; undefined when none is open. */
  get oldestOpenedAtMs(): number | undefined {
    for (const batch of this.#open.values()) return batch.openedAtMs;
    return undefined;
  }

  /**
   * Adds an entry and returns the batches that became full by it (none, one, or two: what was open, and the entry alone).
   * The caller has made sure that the entry fits a batch of its own.
   */
  add(key: string, entry: LaneEntry, nowMs: number): readonly LaneBatch[] {
    let open = this.#open.get(key);
    let full = none;
    if (open !== undefined && !this.#fits(open, entry)) {
      full = [this.#close(key, open)];
      open = undefined;
    }
    if (open === undefined) {
      const { overheadPerBatch: bytes } = this.#limits;
      open = {
        entries: new WaitingEntries(key, this.#keepsEvents),
        bytes,
        oldestMs: entry.timeMs,
        newestMs: entry.timeMs,
        openedAtMs: nowMs,
      };
      this.#open.set(key, open);
    }
    open.entries.add(entry);
    open.bytes += entry.bytes + this.#limits.overheadPerEvent;
    open.oldestMs = Math.min(open.oldestMs, entry.timeMs);
    open.newestMs = Math.max(open.newestMs, entry.timeMs);
    if (open.entries.length >= this.#limits.maxEvents || open.bytes >= this.#limits.maxBytes) {
      full = [...full, this.#close(key, open)];
    }
    return full;
  }

  /** Closes every batch that was opened at or before `openedBeforeMs`. */
  takeOlderThan(openedBeforeMs: number): readonly LaneBatch[] {
    const taken: LaneBatch[] = [];
    for (const [key, open] of this.#open) {
      if (open.openedAtMs > openedBeforeMs) break;
      taken.push(this.#close(key, open));
    }
    return taken;
  }

  /** Closes the open batch of a key; undefined when it has none. */
  take(key: string): LaneBatch | undefined {
    const open = this.#open.get(key);
    return open === undefined ? undefined : this.#close(key, open);
  }

  /** Closes the open batch of a key if it holds so many bytes; undefined when it does not. */
  takeFrom(key: string, minBytes: number): LaneBatch | undefined {
    const open = this.#open.get(key);
    return open === undefined || open.bytes < minBytes ? undefined : this.#close(key, open);
  }

  /** Closes the batch that holds most, if that is so many bytes; undefined when none does. */
  takeFullest(minBytes: number): LaneBatch | undefined {
    let fullest: string | undefined;
    let most = minBytes;
    for (const [key, { bytes }] of this.#open) {
      if (bytes < most) continue;
      fullest = key;
      most = bytes;
    }
    return fullest === undefined ? undefined : this.take(fullest);
  }

  /** Closes the batch that was opened first; undefined when none is open. */
  takeOldest(): LaneBatch | undefined {
    for (const [key, open] of this.#open) return this.#close(key, open);
    return undefined;
  }

  /** Closes every open batch. */
  takeAll(): readonly LaneBatch[] {
    return this.takeOlderThan(Number.POSITIVE_INFINITY);
  }

  #fits(open: OpenBatch, entry: LaneEntry): boolean {
    const { maxBytes, maxEvents, overheadPerEvent, maxSpanMs = Number.POSITIVE_INFINITY } = this.#limits;
    const spanMs = Math.max(open.newestMs, entry.timeMs) - Math.min(open.oldestMs, entry.timeMs);
    return (
      open.entries.length < maxEvents &&
      open.bytes + entry.bytes + overheadPerEvent <= maxBytes &&
      // A span of exactly 24 h is refused by some: stay strictly below.
      spanMs < maxSpanMs
    );
  }

  #close(key: string, open: OpenBatch): LaneBatch {
    this.#open.delete(key);
    return { key, entries: open.entries.take(), bytes: open.bytes, attempts: 0 };
  }
}
