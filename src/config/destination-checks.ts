import type { z } from 'zod';
import type { AdapterManifest, BatchLimits } from '#sdk';
import { childOf, type ConfigNode, type KeyPath, type MapNode } from './config-node.ts';
import { suggestName } from './describe-issue.ts';
import type { Complaint } from './finding.ts';
import type { Place } from './place.ts';
import { destinationNamePattern, type laneSchema } from './schema.ts';

/** A destination as it is written. */
export interface Target {
  readonly name: string;
  readonly keyPlace: Place;
  readonly node: MapNode;
  readonly path: KeyPath;
}

const complaint = (place: Place, path: KeyPath, message: string, suggestion?: string): Complaint => ({
  kind: 'schema',
  place,
  path,
  message,
  suggestion,
});

/** True when a destination is switched off. */
export const isOff = (node: ConfigNode): boolean => {
  const enabled = childOf(node, 'enabled');
  return enabled?.kind === 'scalar' && enabled.value === false;
};

/** Complains about a name that can be no file name. */
export const checkName = ({ name, keyPlace, path }: Target): readonly Complaint[] => {
  if (destinationNamePattern.test(name)) return [];
  const message =
    'a destination\'s name becomes a file name: at most 63 of a-z, 0-9, ".", "_", "-", the first a letter or digit';
  return [complaint(keyPlace, path, message)];
};

/** The adapter that a destination means; none when there is no such type, or when the type's variable is missing. */
export const findAdapter = (
  { name, keyPlace, node, path }: Target,
  adapters: readonly AdapterManifest[],
): { readonly adapter: AdapterManifest | undefined; readonly complaints: readonly Complaint[] } => {
  const typeNode = childOf(node, 'type');
  const isGiven = typeNode?.kind === 'scalar' && typeNode.value !== null;
  const type = isGiven ? typeNode.text : name;
  const adapter = adapters.find((candidate) => candidate.name === type);
  if (adapter !== undefined || (isGiven && typeNode.interpolation?.problem !== undefined))
    return { adapter, complaints: [] };
  const names = adapters.map((candidate) => candidate.name);
  const message = isGiven ? `there is no type "${type}"` : `"${type}" is no type; say with "type:" what it is`;
  const place = isGiven ? typeNode.place : keyPlace;
  const at = isGiven ? [...path, 'type'] : path;
  return { adapter, complaints: [complaint(place, at, message, suggestName(type, names))] };
};

const checkLimit = (
  target: Target,
  option: 'max_bytes' | 'max_events',
  given: number | undefined,
  limit: number,
): readonly Complaint[] => {
  if (given === undefined || given <= limit) return [];
  const place = childOf(childOf(target.node, 'batch'), option)?.place ?? target.keyPlace;
  const unit = option === 'max_bytes' ? 'bytes' : 'events';
  return [complaint(place, [...target.path, 'batch', option], `the service takes at most ${String(limit)} ${unit}`)];
};

/** Complains about batches larger than the service takes. */
export const checkLimits = (
  target: Target,
  lane: z.output<typeof laneSchema>,
  limits: BatchLimits,
): readonly Complaint[] => [
  ...checkLimit(target, 'max_bytes', lane.batch.max_bytes, limits.maxBytes),
  ...checkLimit(target, 'max_events', lane.batch.max_events, limits.maxEvents),
];
