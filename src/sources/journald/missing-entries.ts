import type { GapTracker } from './gaps.ts';
import type { JournalRecord } from './journal-record.ts';
import type { JournalPosition } from './position.ts';

/** Knows which entries are missing, once two readers in a row did not see them. */
export class MissingEntries {
  #gaps: GapTracker | undefined;
  /** The last entry told. */
  #last: JournalPosition | undefined;
  /** Cursor of the one after which some seemed to be missing. */
  #suspectAfter: string | undefined;
  #steppedOver = 0;

  /** Without `gaps`, only what was stepped over is known to be missing. */
  constructor(gaps: GapTracker | undefined) {
    this.#gaps = gaps;
  }

  /** The next entries begin behind `count` that can't be read. */
  steppedOver(count: number): void {
    this.#steppedOver = count;
  }

  /** Numbers prove nothing from now on. */
  stopCounting(): void {
    this.#gaps = undefined;
  }

  /** How many are missing right before `record`; `suspect` where another reader has to look first. */
  before(record: JournalRecord): number | 'suspect' {
    const missing = Math.max(this.#steppedOver, this.#gaps?.missingBefore(record) ?? 0);
    return missing === 0 || this.#isCertain() ? missing : 'suspect';
  }

  /** Goes on to `record`. */
  advance(record: JournalRecord): void {
    this.#steppedOver = 0;
    this.#gaps?.advance(record);
    this.#last = record.position;
  }

  /** A second look that finds some missing at the same place again is proof. */
  #isCertain(): boolean {
    const last = this.#last?.cursor() ?? '';
    if (this.#steppedOver > 0 || this.#suspectAfter === last) return true;
    this.#suspectAfter = last;
    return false;
  }
}
