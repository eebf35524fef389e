import type { LaneSettings } from '../delivery/lane-settings.ts';
import { fillRate, msUntilLoss, type SourceCapacity } from '../sdk/source-capacity.ts';
import type { DestinationStatus } from './status.ts';

export interface LossQuestion {
  /** Of the destination. */
  readonly settings: Pick<LaneSettings, 'window' | 'outsideWindow'>;
  /** When the source received the oldest line that the destination needs, in microseconds; undefined when it has all. */
  readonly waitsSinceUs: number | undefined;
  readonly capacity: SourceCapacity;
  /** Of the wall clock, in microseconds. */
  readonly nowUs: number;
}

/** What is restamped is no loss. */
const msInWindow = ({ settings: { window, outsideWindow }, waitsSinceUs, nowUs }: LossQuestion): number => {
  if (window === undefined || outsideWindow === 'restamp') return Number.POSITIVE_INFINITY;
  return Math.max(0, window.pastMs - (nowUs - (waitsSinceUs ?? nowUs)) / 1000);
};

const msInSource = ({ waitsSinceUs, capacity, nowUs }: LossQuestion): number | undefined => {
  const bytesPerSecond = fillRate(capacity);
  if (bytesPerSecond === undefined) return undefined;
  return msUntilLoss(capacity, waitsSinceUs ?? capacity.newestUs, bytesPerSecond, nowUs);
};

/**
 * Until a destination loses a line if it takes none from now on: the nearer of the source's limits and the service's
 * window. Undefined when it is not known.
 */
export const secondsUntilLoss = (question: LossQuestion): DestinationStatus['secondsUntilLoss'] => {
  const heldMs = msInSource(question);
  if (heldMs === undefined) return undefined;
  const untilLossMs = Math.min(heldMs, msInWindow(question));
  return Number.isFinite(untilLossMs) ? untilLossMs / 1000 : 'never';
};
