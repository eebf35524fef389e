import type { GapDetection } from '#sdk';
import type { GapObserver } from './gaps.ts';
import type { JournalPosition } from './position.ts';

/** Several readers may come by the same place: what is told apart is bounded. */
const maxRewinds = 1000;

/** What all readers of one journal found out about whether missing entries can be told. */
export class GapStatus implements GapObserver {
  readonly #rewinds = new Set<string>();
  #lastRewoundUs = 0;
  #off: string | undefined;

  rewound(position: JournalPosition): void {
    if (this.#rewinds.size < maxRewinds) this.#rewinds.add(position.id());
    this.#lastRewoundUs = Math.max(this.#lastRewoundUs, position.receivedUs);
  }

  foreign(): void {
    this.#off = 'several counters number the entries of one machine';
  }

  /** A reader begins to look for gaps, or does not for a reason. */
  look(off: string | undefined): void {
    this.#off = off;
  }

  /** @param hiddenBy what hides entries now, whatever it was when the readers began */
  detection(hiddenBy: string | undefined): GapDetection {
    const reason = hiddenBy ?? this.#off;
    if (reason !== undefined) return { state: 'off', reason };
    const count = this.#rewinds.size;
    return { state: 'on', rewound: count === 0 ? undefined : { count, lastUs: this.#lastRewoundUs } };
  }
}
