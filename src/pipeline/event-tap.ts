import type { LogEvent } from '../event/event.ts';
import { exclusionFor } from '../event/verdict.ts';
import type { FeedEvent } from '../sdk/feed.ts';

/** An event that passed, and who gets it. */
export interface TappedEvent {
  readonly kind: 'event';
  readonly event: LogEvent;
  readonly destinations: readonly string[];
}

/** So many events passed that were not shown, as their reader was too slow. */
export interface MissedEvents {
  readonly kind: 'missed';
  readonly count: number;
}

export interface TapFilter {
  /** Only what this destination gets; undefined: all that passes. */
  readonly destination?: string | undefined;
  readonly matches: (event: LogEvent) => boolean;
}

/** What waits for one listener: views, not lines. */
const maxWaiting = 1000;
const maxWaitingBytes = 4 * 1024 * 1024;
/** A lane that catches up reads again what has passed; this far back it is recognised. */
const maxRemembered = 10_000;
/** Each costs time for every event. */
const maxListeners = 16;

/** What one listener has yet to see. */
class Listener {
  readonly #filter: TapFilter;
  readonly #seen = new Set<string>();
  #waiting: (TappedEvent | MissedEvents)[] = [];
  #waitingBytes = 0;
  #missed = 0;
  #wake: () => void = () => undefined;
  #isEnded = false;

  constructor(filter: TapFilter) {
    this.#filter = filter;
  }

  offer(event: LogEvent, destinations: readonly string[]): void {
    const { destination, matches } = this.#filter;
    if (destination !== undefined && !destinations.includes(destination)) return;
    if (!matches(event) || !this.#isNew(event.position.id())) return;
    if (this.#waiting.length >= maxWaiting || this.#waitingBytes >= maxWaitingBytes) {
      this.#missed += 1;
      return;
    }
    this.#tellMissed();
    this.#waiting.push({ kind: 'event', event, destinations });
    this.#waitingBytes += event.bytes;
    this.#wake();
  }

  /** Nothing more will be taken. */
  readonly end = (): void => {
    this.#isEnded = true;
    this.#wake();
  };

  /** All that waits, in order; waits itself until something does, or it ends. */
  async take(): Promise<readonly (TappedEvent | MissedEvents)[]> {
    if (this.#waiting.length === 0 && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#tellMissed();
    const taken = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return taken;
  }

  #tellMissed(): void {
    if (this.#missed > 0) this.#waiting.push({ kind: 'missed', count: this.#missed });
    this.#missed = 0;
  }

  #isNew(id: string): boolean {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= maxRemembered) break;
      this.#seen.delete(oldest);
    }
    return true;
  }
}

/** Shows events as they pass, to whoever listens, without touching them. */
export class EventTap {
  #destinations: readonly string[];
  readonly #listeners = new Set<Listener>();
  /** True while somebody listens: to be looked at before offering, which then costs nothing. */
  isOpen = false;

  /** @param destinations the names of all that are enabled. */
  constructor(destinations: readonly string[]) {
    this.#destinations = destinations;
  }

  get destinations(): readonly string[] {
    return this.#destinations;
  }

  /** From now on these are the names of all that are enabled. */
  route(destinations: readonly string[]): void {
    this.#destinations = destinations;
  }

  get isFull(): boolean {
    return this.#listeners.size >= maxListeners;
  }

  /** To be called with each event and policy's verdict on it. */
  offer({ event, verdict }: Pick<FeedEvent, 'event' | 'verdict'>): void {
    const destinations = this.#destinations.filter((name) => exclusionFor(verdict, name) === undefined);
    for (const listener of this.#listeners) listener.offer(event, destinations);
  }

  /** What passes from now on, until `signal` aborts. */
  async *listen(filter: TapFilter, signal: AbortSignal): AsyncGenerator<TappedEvent | MissedEvents> {
    const listener = new Listener(filter);
    this.#listeners.add(listener);
    this.isOpen = true;
    signal.addEventListener('abort', listener.end);
    try {
      while (!signal.aborted) yield* await listener.take();
    } finally {
      signal.removeEventListener('abort', listener.end);
      this.#listeners.delete(listener);
      this.isOpen = this.#listeners.size > 0;
    }
  }
}
