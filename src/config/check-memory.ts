import { childOf, type MapNode } from './config-node.ts';
import type { Complaint } from './finding.ts';

const mebibyte = 1024 * 1024;

/** Complains about a budget that is too small for the longest line and the number of destinations. */
export const checkMemory = (root: MapNode, memoryBytes: number, leastBytes: number): readonly Complaint[] => {
  if (memoryBytes >= leastBytes) return [];
  const message =
    `too small for the longest line (max_message of the source) and this number of destinations: ` +
    `give it ${String(Math.ceil(leastBytes / mebibyte))}MiB or more, or lower max_message`;
  return [{ kind: 'schema', place: childOf(root, 'memory')?.place ?? root.place, path: ['memory'], message }];
};
