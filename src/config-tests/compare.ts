import type { Config } from '../config/config.ts';
import { nodeAt, type KeyPath } from '../config/config-node.ts';
import type { Place } from '../config/place.ts';
import { formatTimeUs } from '../event/time.ts';
import { exclusionFor } from '../event/verdict.ts';
import type { sourceOptions } from '../sources/index.ts';
import type { Named } from './check-names.ts';
import { differences, type Difference } from './differences.ts';
import type { Decider } from './expectation.ts';
import type { JudgedEvent } from './run-entries.ts';
import type { TestCase } from './test-case.ts';

/** What of a case is not as expected, and where that is written. Its path begins at the case. */
export interface Mismatch extends Difference {
  readonly place: Place;
  /** Why, where the verdict tells: `loggly: not routed`. */
  readonly notes: readonly string[];
}

type TestedConfig = Config<typeof sourceOptions>;

const differs = (path: KeyPath, expected: unknown, got: unknown, notes: readonly string[] = []) =>
  Array.from(differences(expected, got, path), (difference) => ({ ...difference, notes }));

const differsAsWhole = (
  path: KeyPath,
  expected: readonly unknown[],
  got: readonly unknown[],
  notes?: readonly string[],
) => (JSON.stringify(expected) === JSON.stringify(got) ? [] : [{ path, expected, got, notes: notes ?? [] }]);

/** An event as a destination gets it, with service and stream also beside its level, where matches have them. */
const shownEvent = ({ event }: JudgedEvent): unknown => {
  const { level, timeUs, service, stream, message, info, data, position } = event;
  const shownInfo = { id: position.id(), service, stream, ...info };
  return JSON.parse(
    JSON.stringify({ level, time: formatTimeUs(timeUs), service, stream, message, info: shownInfo, data }),
  );
};

const compareEvent = ({ expected: { event } }: TestCase, judged: JudgedEvent) =>
  event === undefined ? [] : differs(['event'], event, shownEvent(judged));

/** By name where there is one, as people know them by it. */
const labelled = (indexes: readonly number[], all: readonly Named[]) =>
  indexes.map((index): Decider => all[index]?.name ?? index);

const indexOf = (decider: Decider, all: readonly Named[]): number =>
  typeof decider === 'number' ? decider : all.findIndex(({ name }) => name === decider);

const compareDeciders = (
  section: 'rules' | 'routes',
  { expected }: TestCase,
  judged: JudgedEvent,
  config: TestedConfig,
) => {
  const deciders = expected[section];
  const all = config[section];
  if (deciders === undefined) return [];
  const wanted = new Set(deciders.map((decider) => indexOf(decider, all)));
  const rising = [...wanted].toSorted((one, other) => one - other);
  return differsAsWhole([section], labelled(rising, all), labelled(judged[section], all));
};

const fateOf = (name: string, { verdict }: JudgedEvent, { destinations }: TestedConfig): string => {
  const isOff = destinations.some((destination) => destination.name === name && destination.status === 'off');
  return isOff ? 'switched off' : (exclusionFor(verdict, name) ?? 'delivered');
};

const compareDestinations = ({ expected }: TestCase, judged: JudgedEvent, config: TestedConfig) => {
  if (expected.destinations === undefined) return [];
  const wanted = [...new Set(expected.destinations)].toSorted();
  const names = config.destinations.map(({ name }) => name);
  const got = names.filter((name) => fateOf(name, judged, config) === 'delivered').toSorted();
  const missing = wanted.filter((name) => !got.includes(name));
  return differsAsWhole(
    ['destinations'],
    wanted,
    got,
    missing.map((name) => `${name}: ${fateOf(name, judged, config)}`),
  );
};

const compareDropped = ({ expected }: TestCase, judged: JudgedEvent, config: TestedConfig) =>
  Object.entries(expected.dropped ?? {}).flatMap(([name, reason]) =>
    differs(['dropped', name], reason, fateOf(name, judged, config)),
  );

const compareAll = (testCase: TestCase, events: readonly JudgedEvent[], config: TestedConfig) => {
  const [judged] = events;
  if (judged === undefined || events.length > 1)
    return differs([testCase.entries.length > 1 ? 'entries' : 'entry'], 'one event', `${events.length} events`);
  return [
    ...compareEvent(testCase, judged),
    ...compareDeciders('rules', testCase, judged, config),
    ...compareDeciders('routes', testCase, judged, config),
    ...compareDestinations(testCase, judged, config),
    ...compareDropped(testCase, judged, config),
  ];
};

/** What a case's events lack of what it expects; nothing: it passes. */
export const compare = (
  testCase: TestCase,
  events: readonly JudgedEvent[],
  config: TestedConfig,
): readonly Mismatch[] =>
  compareAll(testCase, events, config).map(({ path, expected, got, notes }) => {
    const { place } = nodeAt(testCase.node, path) ?? testCase.node;
    return { path, place, expected, got, notes };
  });
