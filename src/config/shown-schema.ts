import { childOf, type ConfigNode, type MapNode } from './config-node.ts';
import type { ConfigSchema } from './config-schema.ts';
import { propertiesOf, type OptionSchema } from './option-schema.ts';

const namesIn = (node: ConfigNode | undefined, whenNone: readonly string[]): readonly string[] =>
  node?.kind === 'map' ? [...node.entries.keys()] : whenNone;

const mapOf = (entries: readonly (readonly [string, OptionSchema])[]): OptionSchema => ({
  type: 'object',
  default: {},
  properties: Object.fromEntries(entries),
});

const typeOf = (name: string, node: ConfigNode | undefined): string => {
  const type = childOf(node, 'type');
  return type?.kind === 'scalar' && type.value !== null ? type.text : name;
};

/** The schema of this very configuration: with its sources and its destinations by name. */
export const shownSchema = (root: MapNode, parts: ConfigSchema): OptionSchema => {
  const known = propertiesOf(parts.sources);
  const sources = namesIn(childOf(root, 'sources'), ['journald']).map(
    (name) => [name, { ...known.get(name), default: {} }] as const,
  );
  const destinations = childOf(root, 'destinations');
  const configured = namesIn(destinations, []).map((name) => {
    const schema = parts.destinations.get(typeOf(name, childOf(destinations, name)));
    return [name, { ...schema, default: {} }] as const;
  });
  return mapOf([
    ['sources', mapOf(sources)],
    ...propertiesOf(parts.general),
    ['destinations', mapOf(configured)],
    ['rules', { ...parts.rules, default: [] }],
    ['routes', { ...parts.routes, default: [] }],
  ]);
};
