import { maxServices, otherServices } from '../event/service-bound.ts';

/** How many records, by service. */
export class ServiceTally {
  readonly #records = new Map<string, number>();
  #total = 0;

  static from(entries: Iterable<{ readonly service: string; readonly records: number }>): ServiceTally {
    const tally = new ServiceTally();
    for (const { service, records } of entries) tally.add(service, records);
    return tally;
  }

  get total(): number {
    return this.#total;
  }

  recordsOf(service: string): number {
    return this.#records.get(service) ?? 0;
  }

  entries(): { readonly service: string; readonly records: number }[] {
    return Array.from(this.#records, ([service, records]) => ({ service, records }));
  }

  add(service: string, records: number): void {
    const known = this.#records.has(service) || this.#records.size < maxServices ? service : otherServices;
    this.#records.set(known, (this.#records.get(known) ?? 0) + records);
    this.#total += records;
  }

  /** Takes records off a service, or off others where it has none left: the sum holds. */
  remove(service: string, records: number): void {
    let left = records - this.#removeFrom(service, records);
    while (left > 0 && this.#total > 0) {
      this.removeAny();
      left -= 1;
    }
  }

  /** Takes one record off any service and tells which. */
  removeAny(): string {
    for (const service of this.#records.keys()) {
      if (this.#removeFrom(service, 1) === 1) return service;
    }
    return otherServices;
  }

  #removeFrom(service: string, records: number): number {
    const known = this.#records.get(service) ?? 0;
    const removed = Math.min(known, records);
    if (removed === 0) return 0;
    if (known === removed) this.#records.delete(service);
    else this.#records.set(service, known - removed);
    this.#total -= removed;
    return removed;
  }
}
