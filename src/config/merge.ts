import { formatPath, type KeyPath, type MapEntry, type MapNode } from './config-node.ts';
import type { Complaint } from './finding.ts';
import { describePlace } from './place.ts';

/** Destinations are not merged: each is configured in one place. */
const isDestination = (path: KeyPath): boolean => path.length === 2 && path[0] === 'destinations';

const isNothing = ({ value }: MapEntry): boolean => value.kind === 'scalar' && value.value === null;

/** Joins two maps: maps merge, lists append, everything else may be there once. Complains about the later place. */
export const merge = (
  earlier: MapNode,
  later: MapNode,
  complain: (complaint: Complaint) => void,
  path: KeyPath = [],
): MapNode => {
  const entries = new Map(earlier.entries);
  for (const [key, entry] of later.entries) {
    const known = entries.get(key);
    entries.set(key, known === undefined ? entry : mergeEntry(known, entry, complain, [...path, key]));
  }
  return { ...earlier, entries };
};

const mergeEntry = (
  earlier: MapEntry,
  later: MapEntry,
  complain: (complaint: Complaint) => void,
  path: KeyPath,
): MapEntry => {
  const [one, other] = [earlier.value, later.value];
  if (one.kind === 'list' && other.kind === 'list') {
    return { ...earlier, value: { ...one, items: [...one.items, ...other.items] } };
  }
  if (isDestination(path)) return refuseTwice(earlier, later, complain, path);
  if (one.kind === 'map' && other.kind === 'map') return { ...earlier, value: merge(one, other, complain, path) };
  if (isNothing(later)) return earlier;
  return isNothing(earlier) ? later : refuseTwice(earlier, later, complain, path);
};

const refuseTwice = (
  earlier: MapEntry,
  later: MapEntry,
  complain: (complaint: Complaint) => void,
  path: KeyPath,
): MapEntry => {
  const message = `${formatPath(path)} is already set at ${describePlace(earlier.keyPlace)}`;
  complain({ kind: 'schema', place: later.keyPlace, path, message, suggestion: 'remove one of the two' });
  return earlier;
};
