import type { SourceMessage } from '#sdk';
import type { GapTracker } from './gaps.ts';
import type { JournalRecord } from './json-line.ts';

/** Entries seem to be missing; another look may find them. */
export interface Suspect {
  readonly kind: 'suspect';
}

/** What a reader tells, or is to look into. */
export type ReaderMessage =
  | { readonly kind: 'records'; readonly records: readonly JournalRecord[] }
  | Extract<SourceMessage, { readonly kind: 'lost' }>
  | Suspect;

const lost = (count: number): ReaderMessage => ({
  kind: 'lost',
  shard: '',
  loss: { reason: 'journal gap', count, unit: undefined },
});

/** Says which entries are missing, once two readers in a row did not see them. */
export class MissingEntries {
  readonly #gaps: GapTracker | undefined;
  /** Cursors of the last entry told, and of the one after which some seemed to be missing. */
  #last = '';
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

  /** Entries and losses in order. After `suspect` reading begins again after the last entry told. */
  *tell(records: readonly JournalRecord[]): Generator<ReaderMessage> {
    let begin = 0;
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index];
      if (record === undefined) break;
      const missing = this.#missingBefore(record);
      if (missing > 0) {
        if (index > begin) yield { kind: 'records', records: records.slice(begin, index) };
        if (!this.#isCertain()) {
          yield { kind: 'suspect' };
          return;
        }
        yield lost(missing);
        begin = index;
      }
      this.#steppedOver = 0;
      this.#gaps?.advance(record);
      this.#last = record.position.cursor();
    }
    yield { kind: 'records', records: begin === 0 ? records : records.slice(begin) };
  }

  #missingBefore(record: JournalRecord): number {
    return Math.max(this.#steppedOver, this.#gaps?.missingBefore(record) ?? 0);
  }

  /** A second look that finds some missing at the same place again is proof. */
  #isCertain(): boolean {
    if (this.#steppedOver > 0 || this.#suspectAfter === this.#last) return true;
    this.#suspectAfter = this.#last;
    return false;
  }
}
