import { type Clock, type Logger, messageOf, type SourceMessage, type SourceReader, type StartPoint } from '#sdk';
import type { EntryFinder, Finding } from '../finder.ts';
import type { JournalReading } from '../reading.ts';
import { readJournal } from '../reader.ts';
import type { Comparison } from './comparison.ts';
import { readJournalFiles } from './native-reader.ts';
import { UnsupportedFileError } from './refusal.ts';

/** How many entries are read both ways before the files are trusted. */
const entriesAtStart = 10_000;
/** The same of a sample, every hour. */
const entriesInSample = 500;
const sampleEveryMs = 3_600_000;
/** For either; a second is the rule. */
const comparisonLimitMs = 30_000;

/** Reads the newest entries both ways. */
export type Compare = (entries: number, signal: AbortSignal) => Promise<Comparison>;

/** Which reader is used: the files' own until something speaks against it, then journalctl until the next start. */
export class ReaderSwitch {
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** Undefined: the files are trusted without. */
  readonly #compare: Compare | undefined;
  readonly #given = new AbortController();
  #isDecided: boolean;
  #deciding: Promise<void> | undefined;
  #sampledAtMs = 0;
  #mismatches = 0;

  /** @param compare undefined where files are trusted without being compared */
  constructor(logger: Logger, clock: Clock, compare: Compare | undefined) {
    this.#logger = logger;
    this.#clock = clock;
    this.#compare = compare;
    this.#isDecided = compare === undefined;
  }

  get isNative(): boolean {
    return !this.#given.signal.aborted;
  }

  /** Aborts when the files are not to be read any more. */
  get signal(): AbortSignal {
    return this.#given.signal;
  }

  get state(): SourceReader {
    return { name: this.isNative ? 'native' : 'journalctl', mismatches: this.#mismatches };
  }

  /** Files are not to be read at all, as configured. */
  stayWithJournalctl(): void {
    this.#isDecided = true;
    this.#given.abort();
  }

  /** Says once that journalctl takes over. */
  giveUp(reason: string): void {
    if (!this.isNative) return;
    this.#given.abort();
    this.#logger.warn({ reason }, `the journal is read through journalctl: ${reason}`);
  }

  /** Resolves when it is known which reader is used. Rejects when `signal` aborts. */
  async decide(signal: AbortSignal): Promise<void> {
    while (!this.#isDecided) {
      signal.throwIfAborted();
      this.#deciding ??= this.#begin(signal).finally(() => {
        this.#deciding = undefined;
      });
      // Whose signal it was that ended it will see for himself.
      await this.#deciding.catch((error: unknown) => {
        if (signal.aborted) throw error;
      });
    }
  }

  /**
   * Compares a sample every hour, however many readings ask for it, until `signal` aborts or the files are given up. A
   * journalctl that can't be asked speaks against itself, not against files that were proved.
   */
  async sample(signal: AbortSignal): Promise<void> {
    if (this.#compare === undefined) return;
    try {
      while (this.isNative) {
        await this.#clock.sleep(sampleEveryMs, signal);
        const nowMs = this.#clock.monotonic();
        if (nowMs - this.#sampledAtMs < sampleEveryMs / 2) continue;
        this.#sampledAtMs = nowMs;
        const found = await this.#compareTwice(entriesInSample, signal);
        if (found.kind === 'unknown') this.#postpone(found.reason);
        else this.#judge(found);
      }
    } catch (error) {
      // Asleep or asking: it ends with the reading.
      if (!signal.aborted) throw error;
    }
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const found = await this.#compareTwice(entriesAtStart, signal);
    this.#isDecided = true;
    this.#judge(found);
  }

  #judge(found: Comparison): void {
    if (found.kind === 'different') this.#mismatches += 1;
    if (found.kind !== 'equal') this.giveUp(found.reason);
    else this.#logger.debug({ entries: found.entries }, 'journal files and journalctl give the same entries');
  }

  #postpone(reason: string): void {
    this.#logger.warn({ reason }, "journal files can't be compared with journalctl now; they are read on");
  }

  /** Files may come and go between two readings: only what differs again does differ. */
  async #compareTwice(entries: number, signal: AbortSignal): Promise<Comparison> {
    const found = await this.#ask(entries, signal);
    return found.kind === 'equal' ? found : await this.#ask(entries, signal);
  }

  async #ask(entries: number, signal: AbortSignal): Promise<Comparison> {
    const limit = new AbortController();
    const done = new AbortController();
    const late = (): void => limit.abort(new Error(`journalctl did not answer within ${comparisonLimitMs / 1000} s`));
    this.#clock.sleep(comparisonLimitMs, done.signal).then(late, () => undefined);
    try {
      return (await this.#compare?.(entries, AbortSignal.any([signal, limit.signal]))) ?? { kind: 'equal', entries: 0 };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'unknown', reason: messageOf(error) };
    } finally {
      done.abort();
    }
  }
}

/** Asks the files while they are read, else journalctl. */
export const switchedFinder = (choice: ReaderSwitch, native: EntryFinder, journalctl: EntryFinder): EntryFinder => {
  const ask = async (question: (finder: EntryFinder) => Promise<Finding>, signal: AbortSignal): Promise<Finding> => {
    await choice.decide(signal);
    if (!choice.isNative) return await question(journalctl);
    try {
      return await question(native);
    } catch (error) {
      if (!(error instanceof UnsupportedFileError)) throw error;
      choice.giveUp(`a journal file can't be read directly: ${error.message}`);
      return await question(journalctl);
    }
  };
  return {
    at: async (seek, signal) => await ask(async (finder) => await finder.at(seek, signal), signal),
    same: async (cursor, seek, signal) => await ask(async (finder) => await finder.same(cursor, seek, signal), signal),
    newest: async (count, signal) => await ask(async (finder) => await finder.newest(count, signal), signal),
    newestOfBoot: async (bootId, signal) =>
      await ask(async (finder) => await finder.newestOfBoot(bootId, signal), signal),
  };
};

/** Where to read on after a message. */
const pointAfter = (message: SourceMessage, before: StartPoint): StartPoint => {
  const last = message.kind === 'records' ? message.records.at(-1) : undefined;
  return last === undefined ? before : { kind: 'after', cursor: last.position.cursor() };
};

/** Reads the files as long as that is the choice, and goes on through journalctl where they end. */
export async function* readSwitched(
  choice: ReaderSwitch,
  reading: JournalReading,
  start: StartPoint,
  signal: AbortSignal,
): AsyncGenerator<SourceMessage> {
  let point = start;
  try {
    await choice.decide(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return;
  }
  if (choice.isNative) {
    const reads = AbortSignal.any([signal, choice.signal]);
    void choice.sample(reads);
    try {
      for await (const message of readJournalFiles(reading, start, reads)) {
        yield message;
        point = pointAfter(message, point);
      }
    } catch (error) {
      if (!(error instanceof UnsupportedFileError)) throw error;
      choice.giveUp(`a journal file can't be read directly: ${error.message}`);
    }
  }
  if (!signal.aborted) yield* readJournal(reading, point, signal);
}
