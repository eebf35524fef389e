import type { DropReason } from './drop-reason.ts';

/** One reason not to deliver an event, to some destinations (`undefined`: to none at all). */
export interface Exclusion {
  readonly reason: DropReason;
  readonly destinations: ReadonlySet<string> | undefined;
}

/**
 * What policy says of an event. It is attached, never acted on where it is made: each lane counts it as the event
 * passes, so that no reader counts twice.
 */
export type Verdict = readonly Exclusion[];

/** The common verdict: delivered to whoever is routed. Shared, so that keeping costs no allocation. */
export const keep: Verdict = [];

/** The reason not to deliver to `destination`; undefined when nothing speaks against it. */
export const exclusionFor = (verdict: Verdict, destination: string): DropReason | undefined => {
  for (const exclusion of verdict) {
    if (exclusion.destinations === undefined || exclusion.destinations.has(destination)) return exclusion.reason;
  }
  return undefined;
};
