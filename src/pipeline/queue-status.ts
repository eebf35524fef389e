import { fillRate, queueCapacityMs, type SourceCapacity } from '../sdk/source-capacity.ts';
import type { QueueStatus } from './status.ts';

const capacitySecondsOf = (capacity: SourceCapacity): QueueStatus['capacitySeconds'] => {
  const bytesPerSecond = fillRate(capacity);
  const capacityMs = bytesPerSecond === undefined ? undefined : queueCapacityMs(capacity, bytesPerSecond);
  if (capacityMs === undefined) return undefined;
  return Number.isFinite(capacityMs) ? capacityMs / 1000 : 'unlimited';
};

/** The source as a queue; undefined where nobody knows what it holds. */
export const queueStatusOf = (capacity: SourceCapacity | undefined): QueueStatus | undefined => {
  if (capacity === undefined) return undefined;
  const { usedBytes, maxBytes, persistent } = capacity;
  const isLimited = maxBytes !== undefined && Number.isFinite(maxBytes);
  return {
    capacitySeconds: capacitySecondsOf(capacity),
    usedBytes,
    maxBytes: isLimited ? maxBytes : undefined,
    persistent,
  };
};
