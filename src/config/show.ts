import type { z } from 'zod';
import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { ConfigVocabulary } from './check-config.ts';
import { formatPath, type KeyPath, type MapNode } from './config-node.ts';
import { describeConfig } from './config-schema.ts';
import { createSecretTest } from './secret-paths.ts';
import { shownSchema } from './shown-schema.ts';
import { ShownValues, type ShownValue } from './shown-value.ts';

/** Comments are for what has no parts: the parts have their own. */
const yamlNode = (shown: ShownValue): Scalar | YAMLMap | YAMLSeq => {
  if (shown.kind === 'scalar') {
    const scalar = new Scalar(shown.value);
    scalar.comment = ` ${shown.origin}`;
    return scalar;
  }
  const collection = shown.kind === 'list' ? yamlList(shown.items) : yamlMap(shown.entries);
  if (collection.items.length === 0) {
    collection.flow = true;
    collection.comment = ` ${shown.origin}`;
  }
  return collection;
};

const yamlList = (items: readonly ShownValue[]): YAMLSeq => {
  const list = new YAMLSeq();
  list.items.push(...items.map(yamlNode));
  return list;
};

const yamlMap = (entries: ReadonlyMap<string, ShownValue>): YAMLMap => {
  const map = new YAMLMap();
  for (const [key, value] of entries) map.items.push(new Pair(new Scalar(key), yamlNode(value)));
  return map;
};

const plainOf = (shown: ShownValue): unknown => {
  if (shown.kind === 'scalar') return shown.value;
  if (shown.kind === 'list') return shown.items.map(plainOf);
  return Object.fromEntries([...shown.entries].map(([key, value]) => [key, plainOf(value)]));
};

function* originsOf(shown: ShownValue, path: KeyPath = []): Generator<readonly [path: string, origin: string]> {
  const isEmpty = shown.kind !== 'scalar' && (shown.kind === 'list' ? shown.items.length : shown.entries.size) === 0;
  if (shown.kind === 'scalar' || isEmpty) yield [formatPath(path), shown.origin];
  if (shown.kind === 'list')
    for (const [index, item] of shown.items.entries()) yield* originsOf(item, [...path, index]);
  if (shown.kind === 'map') for (const [key, value] of shown.entries) yield* originsOf(value, [...path, key]);
}

/**
 * The configuration as it holds: merged, filled in, with its defaults, without its secrets; each value with its origin, as
 * a comment of the YAML or under `origins` of the JSON.
 */
export const showConfig = <Sources extends z.ZodRawShape>(
  document: MapNode,
  { adapters, sources }: ConfigVocabulary<Sources>,
  format: 'yaml' | 'json',
): string => {
  const values = new ShownValues(createSecretTest(adapters, sources));
  const shown = values.resolve(document, shownSchema(document, describeConfig(adapters, sources)));
  if (shown === undefined) return '';
  if (format === 'json') {
    return `${JSON.stringify({ resolved: plainOf(shown), origins: Object.fromEntries(originsOf(shown)) }, null, 2)}\n`;
  }
  return new Document(yamlNode(shown)).toString({ lineWidth: 0 });
};
