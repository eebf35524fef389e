import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf, SourceError, type SourceMessage, type StartPoint } from '#sdk';
import { beginCounting, isCounting } from '../counting.ts';
import type { EntryFinder } from '../finder.ts';
import { HandedOver } from '../handed-over.ts';
import type { JournalRecord } from '../journal-record.ts';
import type { Losses, Told } from '../losses.ts';
import { JournalPosition } from '../position.ts';
import type { JournalReading } from '../reading.ts';
import { type Resumption, resumeAfter } from '../resume.ts';
import { type Batch, JournalMerge } from './journal-merge.ts';
import { locationOf } from './location.ts';
import { createNativeFinder } from './native-finder.ts';
import { UnsupportedFileError } from './refusal.ts';

/**
 * A look costs some ten microseconds, so that a busy journal is looked at often; a quiet one as rarely as a line may wait.
 * journald itself would tell of new lines a quarter of a second late.
 */
const shortestPauseMs = 8;
const longestPauseMs = 250;
/** While there is much to read, files are looked at so often: those that journald removes are not to be held open. */
const lookEveryMs = 250;
/** Whoever takes nothing for so long keeps removed files on the disk. */
const unreadLimitMs = 30_000;
const firstDelayMs = 100;
const longestDelayMs = 30_000;

/** Why files are opened anew. */
type Ending = 'suspect' | 'unread';

/** One reading of a journal's files. */
class NativeReader {
  readonly #reading: JournalReading;
  readonly #finder: EntryFinder;
  readonly #losses: Losses;
  readonly #signal: AbortSignal;
  /** Where to go on: after the last entry that was handed over. */
  #point: StartPoint;
  #failures = 0;
  /** Since when records wait to be taken, on the monotonic clock; undefined while none do. */
  #offeredAtMs: number | undefined;

  constructor(reading: JournalReading, start: StartPoint, losses: Losses, signal: AbortSignal) {
    this.#reading = reading;
    this.#finder = createNativeFinder(mergeOptions(reading));
    this.#losses = losses;
    this.#signal = signal;
    this.#point = start;
  }

  async *messages(): AsyncGenerator<SourceMessage> {
    for (;;) {
      this.#signal.throwIfAborted();
      try {
        const ending = yield* this.#readOnce(await this.#resume());
        if (ending === 'suspect' && !(await isCounting(this.#reading))) this.#losses.stopCounting();
      } catch (error) {
        this.#signal.throwIfAborted();
        if (error instanceof SourceError || error instanceof UnsupportedFileError) throw error;
        await this.#recover(error);
      }
    }
  }

  async #resume(): Promise<Resumption> {
    const point = this.#point;
    if (point.kind !== 'after') return { seek: point, handedOver: undefined };
    const resumption = await resumeAfter(this.#reading, this.#finder, point.cursor, this.#signal);
    if (resumption.movedTo !== undefined) this.#point = { kind: 'after', cursor: resumption.movedTo };
    if (resumption.copy === 'found' && resumption.handedOver !== undefined)
      this.#losses.renumbered(resumption.handedOver);
    return resumption;
  }

  async *#readOnce({ seek, handedOver, copy }: Resumption): AsyncGenerator<SourceMessage, Ending> {
    const last = handedOver === undefined || copy === 'not found' ? undefined : JournalPosition.of(handedOver);
    const journal = new JournalMerge(mergeOptions(this.#reading), locationOf(seek), last);
    const known = new HandedOver(handedOver);
    const done = new AbortController();
    void this.#closeUnread(journal, AbortSignal.any([this.#signal, done.signal]));
    try {
      for (let pauseMs = shortestPauseMs; ;) {
        await journal.look();
        const read = yield* this.#readAll(journal, known);
        if (typeof read === 'string') return read;
        pauseMs = read > 0 ? shortestPauseMs : Math.min(longestPauseMs, pauseMs * 2);
        await this.#reading.clock.sleep(pauseMs, this.#signal);
      }
    } finally {
      done.abort();
      this.#offeredAtMs = undefined;
      journal.close();
    }
  }

  /** Reads what there is. @returns how many records that were, or why files are to be opened anew. */
  async *#readAll(journal: JournalMerge, known: HandedOver): AsyncGenerator<SourceMessage, number | Ending> {
    const { clock } = this.#reading;
    let total = 0;
    let lookedAtMs = clock.monotonic();
    for (;;) {
      const batch = journal.read();
      if (batch.isLast && batch.records.length === 0) return total;
      const told = this.#tell(batch, known, journal);
      total += told.records.length;
      if (told.records.length > 0) {
        this.#handedOver(told.records);
        if (yield* this.#handOver(told.records, journal)) return 'unread';
      }
      if (told.isSuspect) return 'suspect';
      // Whoever is ready for more must not keep others from their turn.
      await nextTurn(undefined, { signal: this.#signal });
      if (clock.monotonic() - lookedAtMs < lookEveryMs) continue;
      await journal.look();
      lookedAtMs = clock.monotonic();
    }
  }

  #tell({ records, prelude }: Batch, known: HandedOver, journal: JournalMerge): Told {
    const news = records.filter(({ position }) => !known.has(position));
    if (prelude.renumbered !== undefined) this.#losses.renumbered(prelude.renumbered);
    if (prelude.lost > 0) this.#losses.steppedOver(prelude.lost);
    return this.#losses.tell(news, (range, isOne) => journal.countNumbered(range, isOne));
  }

  #handedOver(records: readonly JournalRecord[]): void {
    const last = records.at(-1);
    if (last !== undefined) this.#point = { kind: 'after', cursor: last.position.cursor() };
    this.#failures = 0;
  }

  /** @returns true when nobody took anything for so long that the files were closed. */
  async *#handOver(records: readonly JournalRecord[], journal: JournalMerge): AsyncGenerator<SourceMessage, boolean> {
    const { clock } = this.#reading;
    this.#offeredAtMs = clock.monotonic();
    yield { kind: 'records', records };
    this.#offeredAtMs = undefined;
    return journal.isClosed;
  }

  /** Closes files while nobody takes what was read of them. */
  async #closeUnread(journal: JournalMerge, signal: AbortSignal): Promise<void> {
    const { clock } = this.#reading;
    while (!signal.aborted) {
      const since = this.#offeredAtMs ?? clock.monotonic();
      const waitMs = since + unreadLimitMs - clock.monotonic();
      if (waitMs <= 0) journal.close();
      await clock.sleep(waitMs <= 0 ? unreadLimitMs : waitMs, signal).catch(() => undefined);
    }
  }

  async #recover(error: unknown): Promise<void> {
    this.#failures += 1;
    this.#reading.logger.warn(
      { reason: messageOf(error), failures: this.#failures },
      "journal files can't be read; trying again",
    );
    const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (this.#failures - 1));
    await this.#reading.clock.sleep(delayMs, this.#signal);
  }
}

/** What a reading means for those who look at files. */
export const mergeOptions = ({ place, clock, logger, wantedFields, maxMessageBytes }: JournalReading) => ({
  place,
  clock,
  logger,
  fields: wantedFields,
  maxMessageBytes,
});

/**
 * Reads the files of a journal themselves from `start` on until `signal` aborts; see `Source.read`.
 *
 * @throws {UnsupportedFileError} when a file is in a format that this reader doesn't know.
 */
export async function* readJournalFiles(
  reading: JournalReading,
  start: StartPoint,
  signal: AbortSignal,
): AsyncGenerator<SourceMessage> {
  try {
    yield* new NativeReader(reading, start, await beginCounting(reading, start), signal).messages();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
