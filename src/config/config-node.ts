import type { Place } from './place.ts';

/** Keys and indexes from the root: `['destinations', 'loggly', 'token']`. */
export type KeyPath = readonly (string | number)[];

/** What a `${...}` in a scalar was filled with. */
export interface Interpolation {
  /** The variables that gave something. */
  readonly variables: readonly string[];
  /** Why it could not be filled: `LOGGLY_TOKEN is not set`. */
  readonly problem: string | undefined;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | number | boolean | null;
  /** As written or filled in, before it was given a type: `1.10` is not 1.1. */
  readonly text: string;
  readonly interpolation?: Interpolation;
}

export interface MapEntry {
  /** The key's place. */
  readonly keyPlace: Place;
  readonly value: ConfigNode;
}

export interface MapNode {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface ListNode {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly ConfigNode[];
}

/** A value of the configuration that remembers where it was written. */
export type ConfigNode = ScalarNode | MapNode | ListNode;

/** The child under one key or index; undefined when there is none. */
export const childOf = (node: ConfigNode | undefined, key: PropertyKey): ConfigNode | undefined => {
  if (node?.kind === 'map') return node.entries.get(String(key))?.value;
  if (node?.kind === 'list') return node.items[Number(key)];
  return undefined;
};

/** The node at a path; undefined when there is none. */
export const nodeAt = (root: ConfigNode | undefined, path: readonly PropertyKey[]): ConfigNode | undefined =>
  path.reduce<ConfigNode | undefined>(childOf, root);

/** Every scalar at or below a node, with its path. */
export function* scalarsOf(node: ConfigNode, path: KeyPath = []): Generator<readonly [KeyPath, ScalarNode]> {
  if (node.kind === 'scalar') yield [path, node];
  if (node.kind === 'list') for (const [index, item] of node.items.entries()) yield* scalarsOf(item, [...path, index]);
  if (node.kind === 'map') for (const [key, entry] of node.entries) yield* scalarsOf(entry.value, [...path, key]);
}

/** `destinations.loggly.tags[0]`. */
export const formatPath = (path: KeyPath): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${String(key)}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
