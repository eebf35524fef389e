/** Where lines of services beyond the cap go. */
export const overflowService = 'sluice-overflow';

/** Says that new names are refused: the first one of an hour of the journal. */
export type OnServiceOverflow = (service: string, hourStartUs: number) => void;

const hourUs = 3600 * 1e6;

/** Hours counted at a time: machines whose journals are merged may differ by some, and a wrong clock must not stay. */
const maxHours = 48;

/** Names remembered, in multiples of the hourly cap. A name unseen for longest is forgotten and counts as new again. */
const rememberedHours = 24;

/**
 * Caps new service names per hour of journal time: names come from hostile input, and each may become a log group that
 * costs money. The same records in the same order give the same names.
 */
export class ServiceCap {
  readonly #maxNewPerHour: number;
  readonly #onOverflow: OnServiceOverflow;
  /** By name, the hour it was last seen in; those seen longest ago come first. */
  readonly #seen = new Map<string, number>();
  /** By hour, how many names were new in it. */
  readonly #admitted = new Map<number, number>();

  constructor(maxNewPerHour: number, onOverflow: OnServiceOverflow) {
    this.#maxNewPerHour = maxNewPerHour;
    this.#onOverflow = onOverflow;
  }

  /** The name to use: `service`, or the overflow's. */
  admit(service: string, receivedUs: number): string {
    const hour = Math.floor(receivedUs / hourUs);
    const seen = this.#seen.get(service);
    if (seen === hour) return service;
    if (seen === undefined && !this.#countNew(service, hour)) return overflowService;
    this.#see(service, hour);
    return service;
  }

  #countNew(service: string, hour: number): boolean {
    const admitted = this.#admitted.get(hour) ?? 0;
    if (admitted === this.#maxNewPerHour) this.#onOverflow(service, hour * hourUs);
    this.#admitted.set(hour, admitted + 1);
    forgetOldest(this.#admitted, maxHours);
    return admitted < this.#maxNewPerHour;
  }

  #see(service: string, hour: number): void {
    this.#seen.delete(service);
    this.#seen.set(service, hour);
    forgetOldest(this.#seen, this.#maxNewPerHour * rememberedHours);
  }
}

const forgetOldest = <Key>(map: Map<Key, unknown>, maxSize: number): void => {
  if (map.size <= maxSize) return;
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
};
