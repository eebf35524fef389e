import { outcomes, type Outcome } from '../event/outcome.ts';

/** What became of the records of one service at one destination. */
export interface ServiceCounts {
  read: number;
  /** Of these, records that are not in flight any more: settled, or in the hands of a parked key. */
  passed: number;
  /** Records by how they ended; absent: none. */
  readonly settled: Partial<Record<Outcome, number>>;
}

/** Counters as they are saved: `read` is of what had passed. */
export interface NamedCounts extends Pick<ServiceCounts, 'read' | 'settled'> {
  readonly service: string;
}

/** Above this number of services the rest is counted together, so that hostile names can't fill memory or disk. */
export const maxServices = 2000;

/** What the services beyond {@link maxServices} are counted under. */
export const otherServices = '(other)';

/** Counts per service, bounded in services. Sums always hold. */
export class CountTable {
  readonly #services = new Map<string, ServiceCounts>();

  /** The counters of a service, made on first use. */
  of(service: string): ServiceCounts {
    const known = this.#services.get(service);
    if (known !== undefined) return known;
    if (this.#services.size >= maxServices && service !== otherServices) return this.of(otherServices);
    const counts: ServiceCounts = { read: 0, passed: 0, settled: {} };
    this.#services.set(service, counts);
    return counts;
  }

  entries(): IterableIterator<[string, ServiceCounts]> {
    return this.#services.entries();
  }

  /** The counters without what is in flight, in a list, since any text may be a service's name. */
  snapshot(): NamedCounts[] {
    return Array.from(this.#services, ([service, { passed, settled }]) => ({
      service,
      read: passed,
      settled: { ...settled },
    })).filter(({ read, settled }) => read > 0 || Object.keys(settled).length > 0);
  }

  /** A table that goes on from a snapshot. */
  static from(snapshot: readonly NamedCounts[]): CountTable {
    const table = new CountTable();
    for (const { service, read, settled } of snapshot) {
      const counts = table.of(service);
      counts.read += read;
      counts.passed += read;
      for (const outcome of outcomes) {
        const count = settled[outcome] ?? 0;
        if (count > 0) counts.settled[outcome] = (counts.settled[outcome] ?? 0) + count;
      }
    }
    return table;
  }
}
