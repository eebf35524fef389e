import { z } from 'zod';
import type { AdapterManifest } from '#sdk';
import { routeSchema } from '../policy/routes.ts';
import { ruleSchema } from '../policy/rules/rule.ts';
import { check } from './check.ts';
import { checkMemory } from './check-memory.ts';
import type { Config } from './config.ts';
import { childOf, scalarsOf, type ConfigNode, type MapEntry, type MapNode } from './config-node.ts';
import { checkReferences } from './destination-references.ts';
import { checkDestination } from './destination.ts';
import type { Complaint } from './finding.ts';
import { generalSchema, sourcesSchema } from './schema.ts';

/** What the configuration may name. */
export interface ConfigVocabulary<Sources extends z.ZodRawShape> {
  readonly adapters: readonly AdapterManifest[];
  /** The options schema of every source, by its name. */
  readonly sources: Sources;
  /** The least memory budget that a configuration can do with, in bytes; undefined: any will do. */
  readonly leastMemory?: (config: Config<Sources>) => number;
}

export interface CheckedConfig<Sources extends z.ZodRawShape> {
  /** Undefined when it must not run. */
  readonly config: Config<Sources> | undefined;
  readonly complaints: readonly Complaint[];
}

const sections = ['sources', 'destinations', 'rules', 'routes'];

const isNothing = (node: ConfigNode | undefined): boolean =>
  node === undefined || (node.kind === 'scalar' && node.value === null);

const without = (root: MapNode, names: readonly string[]): MapNode => ({
  ...root,
  entries: new Map([...root.entries].filter(([name]) => !names.includes(name))),
});

const emptyMap = ({ place }: ConfigNode): MapNode => ({ kind: 'map', place, entries: new Map() });

/** A source with nothing behind its colon is one with all its defaults. */
const sourcesOf = (root: MapNode): ConfigNode => {
  const node = childOf(root, 'sources');
  const given = node === undefined || isNothing(node) ? emptyMap(root) : node;
  if (given.kind !== 'map') return given;
  const entries = new Map<string, MapEntry>(
    isNothing(node) ? [['journald', { keyPlace: root.place, value: given }]] : [],
  );
  for (const [name, entry] of given.entries) {
    entries.set(name, isNothing(entry.value) ? { ...entry, value: emptyMap(entry.value) } : entry);
  }
  return { ...given, entries };
};

const listOf = (root: MapNode, name: string): ConfigNode => {
  const node = childOf(root, name);
  return node === undefined || isNothing(node) ? { kind: 'list', place: root.place, items: [] } : node;
};

const checkDestinations = (root: MapNode, adapters: readonly AdapterManifest[]) => {
  const node = childOf(root, 'destinations');
  if (node === undefined || isNothing(node)) return { complaints: [], destinations: [], names: [] };
  if (node.kind !== 'map') {
    const message = 'expected a map: the name of each destination and its options';
    return { complaints: [{ kind: 'schema', place: node.place, path: ['destinations'], message } as const], names: [] };
  }
  const checked = [...node.entries].map(([name, entry]) => checkDestination(name, entry, adapters));
  return {
    complaints: checked.flatMap(({ complaints }) => complaints),
    destinations: checked.flatMap(({ destination }) => (destination === undefined ? [] : [destination])),
    names: [...node.entries.keys()],
  };
};

/** Outside of destinations there is nobody whom a missing variable would stop alone. */
const missingElsewhere = (root: MapNode): readonly Complaint[] =>
  [...scalarsOf(without(root, ['destinations']))].flatMap(([path, { place, interpolation }]) =>
    interpolation?.problem === undefined ? [] : [{ kind: 'schema', place, path, message: interpolation.problem }],
  );

/** Checks the merged whole. */
export const checkConfig = <Sources extends z.ZodRawShape>(
  root: MapNode,
  vocabulary: ConfigVocabulary<Sources>,
): CheckedConfig<Sources> => {
  const knownNames = [...Object.keys(generalSchema.shape), ...sections];
  const general = check(generalSchema, without(root, sections), [], { knownNames });
  const sources = check(sourcesSchema(vocabulary.sources), sourcesOf(root), ['sources']);
  const rules = check(z.array(ruleSchema), listOf(root, 'rules'), ['rules'], { nullCounts: true });
  const routes = check(z.array(routeSchema), listOf(root, 'routes'), ['routes'], { nullCounts: true });
  const { complaints: ofDestinations, destinations = [], names } = checkDestinations(root, vocabulary.adapters);
  const complaints = [
    ...[general, sources, rules, routes].flatMap((checked) => checked.complaints),
    ...ofDestinations,
    ...checkReferences(root, names),
    ...missingElsewhere(root),
  ];
  const isRunnable = complaints.every(({ kind }) => kind === 'missing');
  if (!isRunnable || !general.value || !sources.value || !rules.value || !routes.value)
    return { config: undefined, complaints };
  const { labels, state, memory, naming, cloud_identity, log, admin } = general.value;
  const config: Config<Sources> = {
    sources: sources.value,
    labels,
    state,
    memoryBytes: memory,
    naming: { preset: naming.preset, streamField: naming.stream_field },
    cloudIdentity: cloud_identity,
    log,
    admin: { listen: admin.listen === false ? undefined : admin.listen, socket: admin.socket },
    destinations,
    rules: rules.value,
    routes: routes.value,
  };
  const ofMemory = checkMemory(root, memory, vocabulary.leastMemory?.(config) ?? 0);
  return ofMemory.length > 0 ? { config: undefined, complaints: [...complaints, ...ofMemory] } : { config, complaints };
};
