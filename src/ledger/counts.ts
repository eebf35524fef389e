import { dropReasons, type LossReason, lossReasons } from '../event/drop-reason.ts';
import { outcomes, type Outcome } from '../event/outcome.ts';
import { maxServices, otherServices } from '../event/service-bound.ts';

/** How many, by reason; absent: none. */
export type Tally<Reason extends string> = Partial<Record<Reason, number>>;

/** What became of the records of one service at one destination. */
export interface ServiceCounts {
  read: number;
  /** Of these, records that are not in flight any more: settled, or in the hands of a parked key. */
  passed: number;
  /** Records by how they ended. */
  readonly settled: Tally<Outcome>;
  /** Lines that others lost before they could be read: beside the equation, never in it. */
  readonly lost: Tally<LossReason>;
  /** Of these, those that records tell of which have passed. */
  readonly lostPassed: Tally<LossReason>;
  /** Drops and losses that the service's own stream was told of. */
  readonly announced: Tally<Outcome | LossReason>;
}

/** Counters as they are saved: without what is in flight. */
export interface NamedCounts {
  readonly service: string;
  readonly read: number;
  readonly settled: Tally<Outcome>;
  readonly lost: Tally<LossReason>;
  readonly announced: Tally<Outcome | LossReason>;
}

/** Adds to a tally. */
export const count = <Reason extends string>(tally: Tally<Reason>, reason: Reason, more: number): void => {
  tally[reason] = (tally[reason] ?? 0) + more;
};

/** Adds all of a tally to another. */
export const addAll = <Reason extends string>(
  tally: Tally<Reason>,
  reasons: readonly Reason[],
  more: Readonly<Tally<Reason>>,
): void => {
  for (const reason of reasons) {
    const number = more[reason] ?? 0;
    if (number !== 0) count(tally, reason, number);
  }
};

/** What one tally has more than another, reason by reason; less is less than nothing. */
export const subtractAll = <Reason extends string>(
  reasons: readonly Reason[],
  now: Readonly<Tally<Reason>>,
  then: Readonly<Tally<Reason>>,
): Tally<Reason> => {
  const difference: Tally<Reason> = {};
  for (const reason of reasons) {
    const number = (now[reason] ?? 0) - (then[reason] ?? 0);
    if (number !== 0) count(difference, reason, number);
  }
  return difference;
};

const isEmpty = ({ read, settled, lost }: NamedCounts): boolean =>
  read === 0 && Object.keys(settled).length === 0 && Object.keys(lost).length === 0;

const countsOfNone = (): ServiceCounts => ({
  read: 0,
  passed: 0,
  settled: {},
  lost: {},
  lostPassed: {},
  announced: {},
});

/** Counts per service, bounded in services. Sums always hold. */
export class CountTable {
  readonly #services = new Map<string, ServiceCounts>();
  /** Asked for last: what is settled together is mostly of one service. */
  #lastService: string | undefined;
  #lastCounts: ServiceCounts = countsOfNone();

  /** The counters of a service, made on first use. */
  of(service: string): ServiceCounts {
    if (service === this.#lastService) return this.#lastCounts;
    this.#lastCounts = this.#find(service);
    this.#lastService = service;
    return this.#lastCounts;
  }

  #find(service: string): ServiceCounts {
    const known = this.#services.get(service);
    if (known !== undefined) return known;
    if (this.#services.size >= maxServices && service !== otherServices) return this.#find(otherServices);
    const counts = countsOfNone();
    this.#services.set(service, counts);
    return counts;
  }

  entries(): IterableIterator<[string, ServiceCounts]> {
    return this.#services.entries();
  }

  /** The counters without what is in flight, in a list, since any text may be a service's name. */
  snapshot(): NamedCounts[] {
    return Array.from(this.#services, ([service, { passed, settled, lostPassed, announced }]) => ({
      service,
      read: passed,
      settled: { ...settled },
      lost: { ...lostPassed },
      announced: { ...announced },
    })).filter((counts) => !isEmpty(counts));
  }

  /** A table that goes on from a snapshot. */
  static from(snapshot: readonly NamedCounts[]): CountTable {
    const table = new CountTable();
    for (const { service, read, settled, lost, announced } of snapshot) {
      const counts = table.of(service);
      counts.read += read;
      counts.passed += read;
      addAll(counts.settled, outcomes, settled);
      addAll(counts.lost, lossReasons, lost);
      addAll(counts.lostPassed, lossReasons, lost);
      addAll(counts.announced, [...dropReasons, ...lossReasons], announced);
    }
    return table;
  }
}
