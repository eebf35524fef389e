import { addCounts, countsBetween } from './balance.ts';
import type { NamedCounts } from './counts.ts';

/** Counters of one moment. */
export interface HistoryPoint {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly services: readonly NamedCounts[];
}

/** What is kept: the counters of the oldest moment, and what was added until each later one, in order. */
export interface HistoryContent {
  readonly base: HistoryPoint;
  readonly steps: readonly HistoryPoint[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How long every hour is kept; beyond, every day is. */
const hoursKeptMs = 48 * hourMs;
const daysKeptMs = 35 * dayMs;
/** Steps in JSON; with more, it does not reach back as far. What a host of 100 services needs is about half of it. */
const maxStepCharacters = 256 * 1024;

const hourOf = (atMs: number): number => Math.floor(atMs / hourMs);
const dayOf = (atMs: number): number => Math.floor(atMs / dayMs);

const isSomething = ({ read, settled }: NamedCounts): boolean =>
  read > 0 || Object.values(settled).some((count) => count > 0);

/** Counters only rise, unless they are those of another checkpoint. */
const hasGoneBack = (then: readonly NamedCounts[], now: readonly NamedCounts[]): boolean =>
  countsBetween(now, then).some(isSomething);

const merge = (earlier: HistoryPoint, later: HistoryPoint): HistoryPoint => ({
  atMs: later.atMs,
  services: addCounts(earlier.services, later.services),
});

/** Steps of one day become one, once they are old. */
const mergeDays = (steps: readonly HistoryPoint[], nowMs: number): readonly HistoryPoint[] => {
  const merged: HistoryPoint[] = [];
  for (const step of steps) {
    const last = merged.at(-1);
    const isOld = step.atMs <= nowMs - hoursKeptMs;
    if (last !== undefined && isOld && dayOf(last.atMs) === dayOf(step.atMs))
      merged[merged.length - 1] = merge(last, step);
    else merged.push(step);
  }
  return merged;
};

/** Gives up the oldest moment. */
const forgetOldest = ({ base, steps: [oldest, ...steps] }: HistoryContent): HistoryContent =>
  oldest === undefined ? { base, steps } : { base: merge(base, oldest), steps };

const withinBounds = (content: HistoryContent, nowMs: number): HistoryContent => {
  let kept: HistoryContent = { base: content.base, steps: mergeDays(content.steps, nowMs) };
  while ((kept.steps[0]?.atMs ?? nowMs) <= nowMs - daysKeptMs) kept = forgetOldest(kept);
  while (JSON.stringify(kept.steps).length > maxStepCharacters) kept = forgetOldest(kept);
  return kept;
};

/** A moment of the future: the clock was set back since. */
const withoutFuture = ({ base, steps }: HistoryContent, nowMs: number): HistoryContent => ({
  base,
  steps: steps.filter(({ atMs }) => atMs <= nowMs),
});

/**
 * The counters of one destination at past moments: hourly for two days, then daily for five weeks. They are those of its
 * checkpoint, a function of the source's prefix, so that what was counted since a moment is exact over crashes.
 */
export class LedgerHistory {
  #content: HistoryContent | undefined;

  constructor(content: HistoryContent | undefined) {
    this.#content = content;
  }

  get content(): HistoryContent | undefined {
    return this.#content;
  }

  /** True when an hour has begun since the newest moment kept. */
  isDue(nowMs: number): boolean {
    const newest = this.#content?.steps.at(-1) ?? this.#content?.base;
    return newest === undefined || hourOf(nowMs) !== hourOf(newest.atMs);
  }

  /** Keeps the counters of now. Counters that went back belong to another checkpoint: what was kept is forgotten then. */
  add(now: HistoryPoint): void {
    const kept = this.#content === undefined ? undefined : withoutFuture(this.#content, now.atMs);
    const counters = kept === undefined ? [] : this.#countersOf(kept);
    if (kept === undefined || kept.base.atMs > now.atMs || hasGoneBack(counters, now.services)) {
      this.#content = { base: now, steps: [] };
      return;
    }
    const step = { atMs: now.atMs, services: countsBetween(counters, now.services) };
    this.#content = withinBounds({ base: kept.base, steps: [...kept.steps, step] }, now.atMs);
  }

  /** The counters of the newest moment that is not after `atMs`; of the oldest when all are; undefined when there is none. */
  pointBefore(atMs: number): HistoryPoint | undefined {
    if (this.#content === undefined) return undefined;
    const { base, steps } = this.#content;
    const upTo = steps.filter((step) => step.atMs <= atMs);
    return { atMs: upTo.at(-1)?.atMs ?? base.atMs, services: this.#countersOf({ base, steps: upTo }) };
  }

  #countersOf({ base, steps }: HistoryContent): readonly NamedCounts[] {
    return addCounts(
      base.services,
      steps.flatMap(({ services }) => services),
    );
  }
}
