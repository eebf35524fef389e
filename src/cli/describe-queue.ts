import type { AgentStatus } from '../pipeline/status.ts';
import { formatBytes, formatDuration } from './figures.ts';

/** `11 min`, `unlimited`, `unknown`. */
export const describeCapacity = (queue: AgentStatus['queue']): string => {
  const { capacitySeconds } = queue ?? {};
  if (capacitySeconds === undefined) return 'unknown';
  return typeof capacitySeconds === 'number' ? formatDuration(Math.floor(capacitySeconds)) : capacitySeconds;
};

/** `11 min at present rates, persistent, 4.0 GiB`. */
export const describeQueue = (queue: AgentStatus['queue']): string => {
  if (queue === undefined) return 'capacity unknown';
  const { capacitySeconds, usedBytes, maxBytes, persistent } = queue;
  const capacity = capacitySeconds === undefined ? 'capacity unknown' : `${describeCapacity(queue)} at present rates`;
  const kind = persistent ? 'persistent' : 'IN MEMORY ONLY, lost at a reboot';
  const size = maxBytes === undefined ? `${formatBytes(usedBytes)} used` : formatBytes(maxBytes);
  return `${capacity}, ${kind}, ${size}`;
};
