/** What a sink says of the lines that it took. */
export interface DelayFigures {
  readonly events: number;
  /** From journald's receipt to the sink's, in milliseconds; NaN without lines. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Which lines are looked at. */
export interface DelayQuestion {
  /** Of their receipt by journald, in milliseconds since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** A service to leave out, or to look at alone. */
  readonly without?: string;
  readonly only?: string;
}

const idStart = '"info":{"id":"';
const idLength = 52;
/** In an id's order; see `src/event/event-id.ts`, written down anew. */
const alphabet = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const bitsOf = new Map(Array.from(alphabet, (character, index) => [character, index]));

/** Receive time in microseconds: the first 56 bits after the version. */
const receivedUsOf = (id: string): number => {
  let value = 0;
  for (let index = 1; index <= 9; index += 1) value = value * 64 + (bitsOf.get(id.charAt(index)) ?? 0);
  return value * 4 + Math.floor((bitsOf.get(id.charAt(10)) ?? 0) / 16);
};

const share = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

/** Remembers of each line whose it was, when journald got it, and how long it took from there. */
export class TimedArrivals {
  readonly #ids = new Set<string>();
  readonly #services: string[] = [];
  readonly #receivedMs: number[] = [];
  readonly #delaysMs: number[] = [];

  /** @throws when the event has no id: that is a bug of what sent it. */
  add(service: string, event: string, nowMs: number): void {
    const at = event.indexOf(idStart);
    if (at < 0) throw new Error(`an event without an id arrived: ${event.slice(0, 200)}`);
    const id = event.slice(at + idStart.length, at + idStart.length + idLength);
    const receivedMs = receivedUsOf(id) / 1000;
    this.#ids.add(id);
    this.#services.push(service);
    this.#receivedMs.push(receivedMs);
    this.#delaysMs.push(nowMs - receivedMs);
  }

  get totals(): { readonly events: number; readonly uniqueIds: number } {
    return { events: this.#services.length, uniqueIds: this.#ids.size };
  }

  /** Delays of the lines that journald got in a span of time. */
  delays({ fromMs, toMs, without, only }: DelayQuestion): DelayFigures {
    const sorted = this.#delaysMs
      .filter((_, index) => {
        const receivedMs = this.#receivedMs[index] ?? 0;
        const service = this.#services[index];
        const isWanted = service !== without && (only === undefined || service === only);
        return isWanted && receivedMs >= fromMs && receivedMs < toMs;
      })
      .toSorted((one, other) => one - other);
    const [p50Ms, p99Ms] = [share(sorted, 0.5), share(sorted, 0.99)];
    return { events: sorted.length, p50Ms, p99Ms, maxMs: sorted.at(-1) ?? Number.NaN };
  }

  /** When journald got the newest line of a service, or of all but one. */
  newestMs({ without, only }: Pick<DelayQuestion, 'without' | 'only'>): number {
    let newest = 0;
    for (const [index, service] of this.#services.entries()) {
      if (service === without || (only !== undefined && service !== only)) continue;
      newest = Math.max(newest, this.#receivedMs[index] ?? 0);
    }
    return newest;
  }
}
