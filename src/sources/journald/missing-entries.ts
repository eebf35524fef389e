import type { GapTracker, NumberedEntry } from './gaps.ts';
import type { JournalRecord } from './journal-record.ts';
import { type NumberRange, NumberRanges } from './number-ranges.ts';
import type { JournalPosition } from './position.ts';
import type { EntryStamp } from './stamp.ts';

/**
 * How many numbers of a range are those of entries that the journal holds, in whatever order it gives them.
 *
 * @param isOne whether an entry of such a number can be the one that is meant
 */
export type CountHeld = (range: NumberRange, isOne: (entry: JournalPosition) => boolean) => number;

/** One journald's entries are numbered as they come. */
const isBetween =
  (before: EntryStamp | undefined, after: EntryStamp) =>
  ({ bootId, monotonicUs }: EntryStamp): boolean => {
    if (bootId === after.bootId && monotonicUs > after.monotonicUs) return false;
    if (bootId === before?.bootId && monotonicUs < before.monotonicUs) return false;
    return bootId === after.bootId || bootId === before?.bootId;
  };

/** Knows which entries are missing, once two readers in a row did not see them. */
export class MissingEntries {
  #gaps: GapTracker | undefined;
  /** The last entry told, or the one that reading goes on after. */
  #last: JournalPosition | undefined;
  /** Cursor of the one after which some seemed to be missing. */
  #suspectAfter: string | undefined;
  #steppedOver = 0;
  /** Numbers that were jumped over, and each of them either counted or found in a file. */
  readonly #explained = new NumberRanges();

  /** Without `gaps`, only what was stepped over is known to be missing. */
  constructor(gaps: GapTracker | undefined, after: JournalPosition | undefined) {
    this.#gaps = gaps;
    this.#last = after;
  }

  /** The next entries begin behind `count` that can't be read. */
  steppedOver(count: number): void {
    this.#steppedOver = count;
  }

  /** Numbers prove nothing from now on. */
  stopCounting(): void {
    this.#gaps = undefined;
  }

  /** The entry that reading goes on after has another number now. */
  renumbered(entry: NumberedEntry): void {
    this.#gaps?.renumbered(entry);
    this.#last = undefined;
    this.#suspectAfter = undefined;
  }

  /** How many are missing right before `record`; `suspect` where another reader has to look first. */
  before(record: JournalRecord, countHeld: CountHeld): number | 'suspect' {
    const unseen = this.#gaps?.missingBefore(record) ?? 0;
    const explained = unseen === 0 ? 0 : this.#explain(record, unseen, countHeld);
    const missing = Math.max(this.#steppedOver, unseen - explained);
    return missing === 0 || explained > 0 || this.#isCertain() ? missing : 'suspect';
  }

  /** Goes on to `record`. */
  advance(record: JournalRecord): void {
    this.#steppedOver = 0;
    this.#gaps?.advance(record);
    this.#last = record.position;
  }

  /**
   * Where the clock was set back, files that share a counter are not interleaved by its numbers. Another reader must not begin
   * there: it would find its place by the time of day, and pass over what is still to come.
   *
   * @returns how many of the numbers that were jumped over are not missing, or have been counted before.
   */
  #explain(record: JournalRecord, unseen: number, countHeld: CountHeld): number {
    const { position } = record;
    const jumped = { from: position.sequence - unseen, to: position.sequence - 1 };
    const names = this.#gaps?.namesFor(record);
    const isInTime = isBetween(this.#last, position);
    const isOne = (entry: JournalPosition): boolean => names?.has(entry.sequenceId) === true || isInTime(entry);
    const missing = this.#explained
      .outside(jumped)
      .reduce((sum, range) => sum + range.to - range.from + 1 - countHeld(range, isOne), 0);
    if (missing < unseen) this.#explained.add(jumped);
    return unseen - missing;
  }

  /** A second look that finds some missing at the same place again is proof. */
  #isCertain(): boolean {
    const last = this.#last?.cursor() ?? '';
    if (this.#steppedOver > 0 || this.#suspectAfter === last) return true;
    this.#suspectAfter = last;
    return false;
  }
}
