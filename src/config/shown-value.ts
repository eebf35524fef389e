import { isJsonObject } from '../event/json.ts';
import { childOf, type ConfigNode, type KeyPath, type ScalarNode } from './config-node.ts';
import { maskUrlCredentials } from './mask.ts';
import { childSchema, propertiesOf, type OptionSchema } from './option-schema.ts';
import { describePlace } from './place.ts';
import type { SecretTest } from './secret-paths.ts';

/** A value as it may be shown, and where it comes from. */
export type ShownValue =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly origin: string }
  | { readonly kind: 'list'; readonly items: readonly ShownValue[]; readonly origin: string }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, ShownValue>; readonly origin: string };

const byDefault = 'default';

const originOf = ({ place, interpolation }: ScalarNode): string => {
  if (interpolation?.problem !== undefined) return interpolation.problem;
  const variables = interpolation?.variables ?? [];
  return variables.length === 0 ? describePlace(place) : `environment ${variables.join(', ')}`;
};

const isNothing = (node: ConfigNode | undefined): boolean =>
  node === undefined || (node.kind === 'scalar' && node.value === null);

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** Resolves what is written and what is not, by the schema. */
export class ShownValues {
  readonly #isSecret: SecretTest;

  constructor(isSecret: SecretTest) {
    this.#isSecret = isSecret;
  }

  /** Undefined where nothing is written and there is no default. */
  resolve(
    node: ConfigNode | undefined,
    schema: OptionSchema | undefined,
    path: KeyPath = [],
    fallback: unknown = schema?.default,
  ): ShownValue | undefined {
    if (node === undefined || isNothing(node)) return this.#default(schema, path, fallback);
    if (node.kind === 'scalar') return this.#scalar(node, schema, path);
    if (node.kind === 'map') return this.#map(node, schema, path, fallback);
    const items = node.items.map((item, index) => this.resolve(item, childSchema(schema, index), [...path, index]));
    return { kind: 'list', items: items.filter((item) => item !== undefined), origin: describePlace(node.place) };
  }

  #scalar(node: ScalarNode, schema: OptionSchema | undefined, path: KeyPath): ShownValue {
    const origin = originOf(node);
    if (node.interpolation?.problem !== undefined) return { kind: 'scalar', value: null, origin };
    if (this.#isSecret(path)) return { kind: 'scalar', value: '[secret]', origin };
    const value = schema?.type === 'string' ? node.text : node.value;
    return { kind: 'scalar', value: typeof value === 'string' ? maskUrlCredentials(value) : value, origin };
  }

  /** What is written first, in its order, then what is not. */
  #map(node: ConfigNode | undefined, schema: OptionSchema | undefined, path: KeyPath, fallback: unknown): ShownValue {
    const defaults = isJsonObject(fallback) ? fallback : {};
    const written = node?.kind === 'map' ? [...node.entries.keys()] : [];
    const known = schema === undefined ? [] : [...propertiesOf(schema).keys()];
    const entries = new Map<string, ShownValue>();
    for (const key of new Set([...written, ...known, ...Object.keys(defaults)])) {
      const child = childSchema(schema, key);
      const value = this.resolve(childOf(node, key), child, [...path, key], defaults[key] ?? child?.default);
      if (value !== undefined) entries.set(key, value);
    }
    return { kind: 'map', entries, origin: node === undefined ? byDefault : describePlace(node.place) };
  }

  #default(schema: OptionSchema | undefined, path: KeyPath, fallback: unknown): ShownValue | undefined {
    if (isJsonObject(fallback)) return this.#map(undefined, schema, path, fallback);
    if (Array.isArray(fallback)) {
      const items = fallback.map((item: unknown) => this.#default(undefined, path, item));
      return { kind: 'list', items: items.filter((item) => item !== undefined), origin: byDefault };
    }
    return isPlain(fallback) ? { kind: 'scalar', value: fallback, origin: byDefault } : undefined;
  }
}
