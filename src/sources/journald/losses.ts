import type { Loss } from '#sdk';
import { type DockerOrdinals, dockerOrdinalFields } from './docker-ordinals.ts';
import type { GapTracker, NumberedEntry } from './gaps.ts';
import type { JournalRecord } from './journal-record.ts';
import { type CountHeld, MissingEntries } from './missing-entries.ts';
import type { JournalPosition } from './position.ts';
import type { Renumbered } from './renumbered.ts';
import { toldLoss, toldLossFields } from './told-loss.ts';

/** Journal fields by which losses are found, besides those that everybody reads. */
export const lossFields: readonly string[] = [...toldLossFields, ...dockerOrdinalFields];

/** Records with what each tells to be lost. */
export interface Told {
  readonly records: readonly JournalRecord[];
  /** Entries seem to be missing after the last of the records: reading begins again there, for another look. */
  readonly isSuspect: boolean;
}

/** What numbers the entries that are read. Each proves something only where all entries are read. */
interface Counts {
  readonly gaps: GapTracker;
  readonly ordinals: DockerOrdinals;
}

/** What a reader says that can't look up a number. */
const countNone: CountHeld = () => 0;

const gapOf = (count: number): Loss | undefined =>
  count === 0 ? undefined : { reason: 'journal gap', count, owner: { kind: 'unknown' } };

/** Lets the records of one reading tell what was lost before them. */
export class Losses {
  readonly #missing: MissingEntries;
  readonly #copies: Renumbered | undefined;
  #ordinals: DockerOrdinals | undefined;

  /**
   * Without counts, what was stepped over and what journald tells is all that is known to be lost.
   *
   * @param after the entry that reading goes on after
   * @param copies where the records are a journald's own
   */
  constructor(counts: Counts | undefined, after: JournalPosition | undefined, copies: Renumbered | undefined) {
    this.#copies = copies;
    this.#missing = new MissingEntries(counts?.gaps, after);
    this.#ordinals = counts?.ordinals;
  }

  /** The next entries begin behind `count` that can't be read. */
  steppedOver(count: number): void {
    this.#missing.steppedOver(count);
  }

  /** Counts prove nothing from now on. */
  stopCounting(): void {
    this.#missing.stopCounting();
    this.#ordinals = undefined;
  }

  /** The entry that reading goes on after has another number now. */
  renumbered(entry: NumberedEntry): void {
    this.#missing.renumbered(entry);
  }

  /** The records in order, the same ones wherever nothing is lost, without copies of some that were told before. */
  tell(records: readonly JournalRecord[], countHeld = countNone): Told {
    let told: JournalRecord[] | undefined;
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index];
      if (record === undefined) break;
      if (this.#copies?.has(record) === true) {
        told ??= records.slice(0, index);
        this.#missing.advance(record);
        continue;
      }
      const missing = this.#missing.before(record, countHeld);
      if (missing === 'suspect') return { records: told ?? records.slice(0, index), isSuspect: true };
      this.#missing.advance(record);
      const losses = this.#lossesAt(record, missing);
      if (losses !== undefined) told ??= records.slice(0, index);
      told?.push(losses === undefined ? record : { ...record, losses });
    }
    return { records: told ?? records, isSuspect: false };
  }

  #lossesAt(record: JournalRecord, missing: number): readonly Loss[] | undefined {
    const told = toldLoss(record.fields);
    const ordinals = this.#ordinals?.lossAt(record);
    if (missing === 0 && told === undefined && ordinals === undefined) return undefined;
    return [gapOf(missing), told, ordinals].filter((loss) => loss !== undefined);
  }
}
