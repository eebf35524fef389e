import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { numberIn } from '../end-to-end/numbered-line.ts';
import type { ChaosLine } from './line.ts';
import type { ChaosService, FiledArrival } from './services.ts';

/** What is wrong with one service's lines and the account of them; equal to {@link nothingWrong} when nothing is. */
export interface Findings {
  /** Numbers of lines that never came and were to. */
  readonly missing: readonly number[];
  /** Numbers of lines with another text, service or id than they had before. */
  readonly altered: readonly number[];
  /** `alpha-1: 12 after 15`: lines that were first taken later than a later one of their stream. */
  readonly disordered: readonly string[];
  /** By service: records of the unique ids that it took, against what the ledger says was delivered. */
  readonly unequal: readonly string[];
  /** By service: what the ledger's equation leaves over, lines that wait included. */
  readonly unexplained: readonly string[];
  /** How the ledger says lines ended that were not delivered: records by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** What the ledger says was lost before it could be read: records by reason. */
  readonly lost: Readonly<Record<string, number>>;
  /** Repetitions beyond those that kills and lost answers explain. */
  readonly repeatedTooOften: number;
}

export const nothingWrong: Findings = {
  missing: [],
  altered: [],
  disordered: [],
  unequal: [],
  unexplained: [],
  dropped: {},
  lost: {},
  repeatedTooOften: 0,
};

/** What a service is measured against. */
export interface Expectation {
  readonly lines: readonly ChaosLine[];
  /** Numbers of lines that the service need not have. */
  readonly excused: ReadonlySet<number>;
  /** Repetitions that kills may have caused. */
  readonly mayRepeat: number;
  /** Ids of events that it took and that neither ledger nor journal can know of. */
  readonly unbooked: ReadonlySet<string>;
  /** True where a request sorts its lines by time, and the times are not the journal's order. */
  readonly isSorted: boolean;
}

/** Findings of one kind that are shown; a broken run has thousands. */
const shown = 10;

const firstOf = (arrivals: readonly FiledArrival[]): readonly FiledArrival[] => {
  const first = new Map<string, FiledArrival>();
  for (const arrival of arrivals) if (!first.has(arrival.id)) first.set(arrival.id, arrival);
  return [...first.values()];
};

const disorderOf = (numbers: readonly number[], lines: readonly ChaosLine[]): readonly string[] => {
  const latest = new Map<string, number>();
  const findings: string[] = [];
  for (const number of numbers) {
    const stream = lines[number]?.stream ?? '';
    const before = latest.get(stream) ?? -1;
    if (number < before) findings.push(`${stream}: ${number} after ${before}`);
    latest.set(stream, Math.max(before, number));
  }
  return findings;
};

const isUnaltered = ({ message, service }: FiledArrival, line: ChaosLine | undefined): boolean =>
  line !== undefined && message === line.text && service === line.service;

const sumBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string, of: (item: Item) => number) => {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(keyOf(item), (sums.get(keyOf(item)) ?? 0) + of(item));
  return sums;
};

const unequalOf = (first: readonly FiledArrival[], lines: readonly ChaosLine[], ledger: Checkpoint['services']) => {
  const recordsOf = ({ message }: FiledArrival): number => lines[numberIn(message) ?? -1]?.pieces ?? 1;
  const took = sumBy(first, ({ service }) => service, recordsOf);
  const booked = new Map(ledger.map(({ service, settled }) => [service, settled.delivered ?? 0]));
  return [...new Set([...took.keys(), ...booked.keys()])]
    .filter((service) => (took.get(service) ?? 0) !== (booked.get(service) ?? 0))
    .map((service) => `${service}: took ${took.get(service) ?? 0}, ledger says ${booked.get(service) ?? 0}`);
};

const unexplainedOf = ({ services, parked }: Checkpoint): readonly string[] => {
  const waiting = sumBy(
    parked.flatMap(({ outstanding }) => outstanding),
    ({ service }) => service,
    ({ records }) => records,
  );
  return services.flatMap(({ service, read, settled }) => {
    const ended = Object.values(settled).reduce((sum, count) => sum + count, 0);
    const waits = waiting.get(service) ?? 0;
    return read === ended && waits === 0 ? [] : [`${service}: read ${read}, settled ${ended}, waiting ${waits}`];
  });
};

/** Sums over all services. */
const sumOfAll = (tallies: readonly Readonly<Partial<Record<string, number>>>[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    sumBy(
      tallies.flatMap((tally) => Object.entries(tally)),
      ([name]) => name,
      ([, count]) => count ?? 0,
    ),
  );

const droppedOf = (ledger: Checkpoint['services']): Readonly<Record<string, number>> => {
  const { delivered: _, ...dropped } = sumOfAll(ledger.map(({ settled }) => settled));
  return dropped;
};

/** What the agent says in a service's name is no line of anybody. */
const isNotice = ({ id }: FiledArrival): boolean => id.startsWith('n');

/** Measures what a service took against what was written, and the ledger against what it took. */
export const findingsOf = (
  service: ChaosService,
  checkpoint: Checkpoint,
  { lines, excused, mayRepeat, unbooked, isSorted }: Expectation,
): Findings => {
  const arrivals = service.arrivals().filter((arrival) => !isNotice(arrival));
  const first = firstOf(arrivals);
  const numbered = first.filter(({ message }) => numberIn(message) !== undefined);
  const numbers = numbered.map(({ message }) => numberIn(message) ?? -1);
  const came = new Set(numbers);
  const twice = numbers.filter((number, index) => numbers.indexOf(number) !== index);
  const altered = numbered.filter((arrival) => !isUnaltered(arrival, lines[numberIn(arrival.message) ?? -1]));
  const inOrder = numbers.filter((number) => !service.askedAgain.has(number));
  return {
    missing: lines
      .filter(({ number }) => !came.has(number) && !excused.has(number))
      .map(({ number }) => number)
      .slice(0, shown),
    altered: [...altered.map(({ message }) => numberIn(message) ?? -1), ...twice].slice(0, shown),
    disordered: isSorted ? [] : disorderOf(inOrder, lines).slice(0, shown),
    unequal: unequalOf(
      first.filter(({ id }) => !unbooked.has(id)),
      lines,
      checkpoint.services,
    ),
    unexplained: unexplainedOf(checkpoint),
    dropped: droppedOf(checkpoint.services),
    lost: sumOfAll(checkpoint.services.map(({ lost }) => lost)),
    repeatedTooOften: Math.max(0, arrivals.length - first.length - service.unanswered() - mayRepeat),
  };
};
