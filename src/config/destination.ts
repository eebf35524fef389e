import type { z } from 'zod';
import type { AdapterManifest } from '#sdk';
import { check } from './check.ts';
import type { DestinationConfig, LaneConfig } from './config.ts';
import { scalarsOf, type MapEntry, type MapNode } from './config-node.ts';
import { checkLimits, checkName, findAdapter, isOff, type Target } from './destination-checks.ts';
import type { Complaint } from './finding.ts';
import { laneSchema } from './schema.ts';

export interface CheckedDestination {
  /** Undefined when it must not run: there are complaints other than `missing`. */
  readonly destination: DestinationConfig | undefined;
  readonly complaints: readonly Complaint[];
}

const laneOptions = Object.keys(laneSchema.shape);

const only = (node: MapNode, keep: (option: string) => boolean): MapNode => ({
  ...node,
  entries: new Map([...node.entries].filter(([option]) => keep(option))),
});

const missingOf = ({ node, path }: Target): readonly Complaint[] =>
  [...scalarsOf(node)].flatMap(([at, { place, interpolation }]) =>
    interpolation?.problem === undefined
      ? []
      : [{ kind: 'missing', place, path: [...path, ...at], message: interpolation.problem }],
  );

const laneOf = (lane: z.output<typeof laneSchema>, adapter: AdapterManifest): LaneConfig => ({
  encoding: lane.encoding,
  batch: {
    maxAgeMs: lane.batch.max_age ?? adapter.defaultMaxAgeMs,
    maxBytes: lane.batch.max_bytes,
    maxEvents: lane.batch.max_events,
  },
  outsideWindow: lane.outside_window,
  concurrency: lane.concurrency,
  drainMs: lane.drain,
  maxBacklogMs: lane.max_backlog,
  notices: lane.notices,
  deadLetters: { maxBytes: lane.dead_letters.max_size },
  resume: lane.resume,
  renamedFrom: lane.renamed_from,
  start: lane.start,
});

interface CheckedOptions {
  /** Undefined when there are complaints, or a variable is missing. */
  readonly ready: DestinationConfig | undefined;
  readonly complaints: readonly Complaint[];
}

/** Checks what belongs to the lane and what belongs to the adapter apart: each schema keeps its own refinements. */
const checkOptions = (target: Target, adapter: AdapterManifest): CheckedOptions => {
  const { name, keyPlace, node, path } = target;
  const knownNames = [...Object.keys(adapter.options.shape), ...laneOptions];
  const ofLane = only(node, (option) => laneOptions.includes(option));
  const ofAdapter = only(node, (option) => !laneOptions.includes(option));
  const lane = check(laneSchema, ofLane, path);
  const options = check(adapter.options, ofAdapter, path, { knownNames, keyPlace });
  const complaints = [...lane.complaints, ...options.complaints];
  if (lane.value === undefined || options.value === undefined) return { complaints, ready: undefined };
  return {
    complaints: checkLimits(target, lane.value, adapter.limits(options.value)),
    ready: { status: 'ready', name, adapter, options: options.value, lane: laneOf(lane.value, adapter) },
  };
};

/** What a sound destination is to be. */
const resolve = (target: Target, missing: readonly Complaint[], ready: DestinationConfig | undefined) => {
  const { name, node } = target;
  if (isOff(node)) return { status: 'off', name } as const;
  const [first] = missing;
  return first === undefined ? ready : ({ status: 'denied', name, problem: first.message } as const);
};

const checkTarget = (target: Target, adapters: readonly AdapterManifest[]): CheckedDestination => {
  const { adapter, complaints } = findAdapter(target, adapters);
  const checked = adapter === undefined ? undefined : checkOptions(target, adapter);
  const wrong = [...checkName(target), ...complaints, ...(checked?.complaints ?? [])];
  const missing = isOff(target.node) ? [] : missingOf(target);
  return {
    destination: wrong.length > 0 ? undefined : resolve(target, missing, checked?.ready),
    complaints: [...wrong, ...missing],
  };
};

/** Checks one entry of `destinations`; one that is off is checked as well, but may lack its variables. */
export const checkDestination = (
  name: string,
  { keyPlace, value }: MapEntry,
  adapters: readonly AdapterManifest[],
): CheckedDestination => {
  const path = ['destinations', name];
  if (value.kind === 'list' || (value.kind === 'scalar' && value.value !== null)) {
    const message = 'a destination is a map of options';
    return { destination: undefined, complaints: [{ kind: 'schema', place: value.place, path, message }] };
  }
  const node: MapNode = value.kind === 'map' ? value : { kind: 'map', place: value.place, entries: new Map() };
  return checkTarget({ name, keyPlace, node, path }, adapters);
};
