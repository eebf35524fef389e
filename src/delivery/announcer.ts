import type { Clock } from '../platform/clock.ts';
import type { LaneAccount, Unannounced } from '../sdk/lane-account.ts';
import type { EventDelivery, Settler } from './lane-entry.ts';

/** Drops come in bursts: they are announced together, no more often than this. */
const announceEveryMs = 10_000;
/** Notices on their way at once. */
const maxInFlight = 100;

/**
 * Tells services, in their own streams, what of their lines was dropped or lost. Nothing is queued for it: the account
 * holds how many there were and of how many they were told, and the difference is what is to be said.
 */
export class Announcer implements Settler {
  readonly kind = 'notice';
  readonly #account: LaneAccount;
  readonly #clock: Clock;
  readonly #inFlight = new Map<string, Unannounced>();
  #lookedAtMs: number;
  #originated = 0;

  constructor(account: LaneAccount, clock: Clock) {
    this.#account = account;
    this.#clock = clock;
    this.#lookedAtMs = clock.monotonic();
  }

  /** Notices that the service took, in this process: lines that no source holds. */
  get originated(): number {
    return this.#originated;
  }

  /** What is to be said now; none as a rule. Each is from then on on its way. */
  due(): readonly Unannounced[] {
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#lookedAtMs < announceEveryMs) return [];
    this.#lookedAtMs = nowMs;
    const due = this.#account
      .unannounced()
      .filter(({ service }) => !this.#inFlight.has(service))
      .slice(0, Math.max(0, maxInFlight - this.#inFlight.size));
    for (const unannounced of due) this.#inFlight.set(unannounced.service, unannounced);
    return due;
  }

  take(): void {}

  /** A notice that is refused is not repeated: the ledger has its figures all the same. */
  settle({ service, outcome }: EventDelivery): void {
    const told = this.#inFlight.get(service);
    if (told === undefined) return;
    this.#inFlight.delete(service);
    this.#account.announced(told);
    if (outcome === 'delivered') this.#originated += 1;
  }
}
