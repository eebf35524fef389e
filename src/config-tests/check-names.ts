import { nodeAt, type ConfigNode, type KeyPath } from '../config/config-node.ts';
import { suggestName } from '../config/describe-issue.ts';
import { nameInQuotes, type Complaint } from '../config/finding.ts';
import type { Place } from '../config/place.ts';
import type { Decider } from './expectation.ts';
import type { TestCase } from './test-case.ts';

/** A rule, a route or a destination, as far as it is needed here. */
export interface Named {
  readonly name?: string | undefined;
}

/** What of a configuration a test may name. */
export interface Nameable {
  readonly rules: readonly Named[];
  readonly routes: readonly Named[];
  readonly destinations: readonly Named[];
}

type Problem = Pick<Complaint, 'message' | 'suggestion'>;

const problemOfName = (name: string, all: readonly Named[], what: string): Problem | undefined => {
  const names = all.flatMap((named) => named.name ?? []);
  const count = names.filter((candidate) => candidate === name).length;
  if (count === 1) return undefined;
  if (count > 1) return { message: `${count} ${what}s are called ${nameInQuotes(name)}; write the index` };
  return { message: `no ${what} is called ${nameInQuotes(name)}`, suggestion: suggestName(name, names) };
};

const problemOfIndex = (index: number, { length }: readonly Named[], what: string): Problem | undefined => {
  if (index < length) return undefined;
  const there = length === 0 ? `there are no ${what}s` : `the last one is ${length - 1}`;
  return { message: `there is no ${what} ${index}; ${there}` };
};

const problemOf = (decider: Decider, all: readonly Named[], what: string): Problem | undefined =>
  typeof decider === 'number' ? problemOfIndex(decider, all, what) : problemOfName(decider, all, what);

/** Of an item of a list, or of a key of a map. */
const placeOf = (node: ConfigNode, at: KeyPath): Place => {
  const parent = nodeAt(node, at.slice(0, -1));
  const place = parent?.kind === 'map' ? parent.entries.get(String(at.at(-1)))?.keyPlace : nodeAt(node, at)?.place;
  return place ?? node.place;
};

/** Complains about rules, routes and destinations of a case that are not in the configuration. */
export const checkNames = ({ node, path, expected }: TestCase, config: Nameable): readonly Complaint[] => {
  const { rules = [], routes = [], destinations = [], dropped = {} } = expected;
  const checked: readonly (readonly [KeyPath, Problem | undefined])[] = [
    ...rules.map((rule, index) => [['rules', index], problemOf(rule, config.rules, 'rule')] as const),
    ...routes.map((route, index) => [['routes', index], problemOf(route, config.routes, 'route')] as const),
    ...destinations.map(
      (name, index) => [['destinations', index], problemOf(name, config.destinations, 'destination')] as const,
    ),
    ...Object.keys(dropped).map(
      (name) => [['dropped', name], problemOf(name, config.destinations, 'destination')] as const,
    ),
  ];
  return checked.flatMap(([at, problem]) =>
    problem === undefined
      ? []
      : [{ kind: 'schema', place: placeOf(node, at), path: [...path, ...at], ...problem } as const],
  );
};
