import type { Logger, SourceMessage, StartPoint } from '#sdk';
import type { EntryFinder, Finding } from '../finder.ts';
import type { JournalReading } from '../reading.ts';
import { readJournal } from '../reader.ts';
import { readJournalFiles } from './native-reader.ts';
import { UnsupportedFileError } from './refusal.ts';

/** Which reader is used: the files' own until something speaks against it, then journalctl until the next start. */
export class ReaderSwitch {
  readonly #logger: Logger;
  readonly #given = new AbortController();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get isNative(): boolean {
    return !this.#given.signal.aborted;
  }

  /** Aborts when the files are not to be read any more. */
  get signal(): AbortSignal {
    return this.#given.signal;
  }

  /** Files are not to be read at all, as configured. */
  stayWithJournalctl(): void {
    this.#given.abort();
  }

  /** Says once that journalctl takes over. */
  giveUp(reason: string): void {
    if (!this.isNative) return;
    this.#given.abort();
    this.#logger.warn({ reason }, `the journal is read through journalctl: ${reason}`);
  }
}

/** Asks the files while they are read, else journalctl. */
export const switchedFinder = (choice: ReaderSwitch, native: EntryFinder, journalctl: EntryFinder): EntryFinder => {
  const ask = async (question: (finder: EntryFinder) => Promise<Finding>): Promise<Finding> => {
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
    at: async (seek, signal) => await ask(async (finder) => await finder.at(seek, signal)),
    newest: async (count, signal) => await ask(async (finder) => await finder.newest(count, signal)),
    newestOfBoot: async (bootId, signal) => await ask(async (finder) => await finder.newestOfBoot(bootId, signal)),
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
  if (choice.isNative) {
    try {
      for await (const message of readJournalFiles(reading, start, AbortSignal.any([signal, choice.signal]))) {
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
