import { SourceError, type SourceMessage, type StartPoint } from '#sdk';
import { readArguments, type Seek } from './arguments.ts';
import { parseCursor, seekPast } from './cursor.ts';
import { classifyExit } from './failure.ts';
import type { EntryFinder } from './finder.ts';
import { HandedOver } from './handed-over.ts';
import { positionOf, ProbeError } from './head.ts';
import { JournalctlProcess } from './journalctl-process.ts';
import type { JournalRecord } from './journal-record.ts';
import { beginCounting, isCounting } from './counting.ts';
import type { Losses } from './losses.ts';
import type { JournalPosition } from './position.ts';
import { type ProcessEnd, readProcess } from './process-records.ts';
import { findOldestReadable, journalctlFinder } from './probe.ts';
import type { JournalReading } from './reading.ts';
import { Recovery } from './recovery.ts';
import { type Resumption, resumeAfter } from './resume.ts';
import { StderrLog } from './stderr-log.ts';

const pollMs = 1000;

/** Entries seem to be missing; another look may find them. */
interface Suspect {
  readonly kind: 'suspect';
}

/** One reading of the journal, through as many journalctl processes as it takes. */
class JournalReader {
  readonly #reading: JournalReading;
  readonly #signal: AbortSignal;
  /** Of all entries: cursors know nothing of matches. */
  readonly #finder: EntryFinder;
  readonly #recovery: Recovery;
  readonly #losses: Losses;
  readonly #stderr: StderrLog;
  /** Where to go on: after the last entry that was handed over. */
  #point: StartPoint;
  #hasRead = false;
  /** The newest entry when journalctl hung; hanging before the same one again proves nothing. */
  #hungBefore: string | undefined;
  #unseen: string | undefined;
  /** How often it hung since the last entry. */
  #hangs = 0;

  constructor(reading: JournalReading, start: StartPoint, losses: Losses, signal: AbortSignal) {
    this.#reading = reading;
    this.#signal = signal;
    this.#finder = journalctlFinder(reading, { ...reading.place, matches: [] });
    this.#recovery = new Recovery(reading);
    this.#losses = losses;
    this.#stderr = new StderrLog(reading.logger);
    this.#point = start;
  }

  async *messages(): AsyncGenerator<SourceMessage> {
    for (;;) {
      this.#signal.throwIfAborted();
      try {
        const end = yield* this.#readOnce(await this.#resume());
        if (end.kind !== 'suspect') await this.#recover(end);
        else if (!(await isCounting(this.#reading))) this.#losses.stopCounting();
      } catch (error) {
        if (!(error instanceof ProbeError)) throw error;
        await this.#recovery.failed(error.failure, this.#signal);
      }
    }
  }

  async *#readOnce({ seek, handedOver }: Resumption): AsyncGenerator<SourceMessage, ProcessEnd | Suspect> {
    const { journalctlPath, place } = this.#reading;
    const parameters = readArguments(place, undefined, seek, this.#recovery.follows);
    const child = new JournalctlProcess(journalctlPath, parameters, (line) => this.#stderr.add(line));
    const known = new HandedOver(handedOver);
    const isUnseen = (head: JournalPosition): boolean => this.#isUnseen(head);
    for await (const told of readProcess(this.#reading, child, known, isUnseen, this.#hangs, this.#signal)) {
      if (told.kind !== 'records') return told;
      const { records, isSuspect } = this.#losses.tell(told.records);
      this.#handedOver(records);
      if (records.length > 0) yield { kind: 'records', records };
      if (isSuspect) return { kind: 'suspect' };
    }
    throw new SourceError('broken', 'journalctl ended without an end');
  }

  #handedOver(records: readonly JournalRecord[]): void {
    const last = records.at(-1);
    if (last === undefined) return;
    this.#point = { kind: 'after', cursor: last.position.cursor() };
    this.#hasRead = true;
    this.#hangs = 0;
    this.#recovery.succeeded();
  }

  async #resume(): Promise<Resumption> {
    const point = this.#point;
    if (point.kind !== 'after') return await this.#begin(point);
    const stepped = this.#stepPast(point.cursor);
    if (stepped !== undefined) return stepped;
    // Without following, this is the next second's look at a journal that was read a moment ago.
    if (this.#hasRead && !this.#recovery.follows) {
      return { seek: { kind: 'cursor', cursor: point.cursor }, handedOver: parseCursor(point.cursor) };
    }
    const resumption = await resumeAfter(this.#reading, this.#finder, point.cursor, this.#signal);
    if (resumption.movedTo !== undefined) this.#point = { kind: 'after', cursor: resumption.movedTo };
    if (resumption.copy === 'found' && resumption.handedOver !== undefined)
      this.#losses.renumbered(resumption.handedOver);
    return resumption;
  }

  /** Before anything was read there is no entry to step past from: what can't be read is passed from its other side. */
  async #begin(seek: Seek): Promise<Resumption> {
    if (this.#recovery.steps === 0) return { seek, handedOver: undefined };
    const oldest = positionOf(await findOldestReadable(this.#reading, this.#reading.place, seek, this.#signal));
    if (oldest === undefined) return { seek, handedOver: undefined };
    this.#losses.steppedOver(1);
    return { seek: { kind: 'cursor', cursor: oldest.cursor() }, handedOver: undefined };
  }

  #stepPast(cursorText: string): Resumption | undefined {
    const { steps } = this.#recovery;
    const cursor = steps === 0 ? undefined : parseCursor(cursorText);
    if (cursor === undefined) return undefined;
    this.#losses.steppedOver(steps - 1);
    return { seek: { kind: 'cursor', cursor: seekPast(cursor, steps) }, handedOver: cursor };
  }

  async #recover(end: ProcessEnd): Promise<void> {
    this.#signal.throwIfAborted();
    if (end.kind === 'stopped') {
      this.#reportStop(end.reason);
      return;
    }
    if (end.exit.code === 0 && !this.#recovery.follows) {
      await this.#reading.clock.sleep(pollMs, this.#signal);
      return;
    }
    const failure = classifyExit(this.#reading.journalctlPath, this.#reading.place, end.exit);
    await this.#recovery.failed(failure, this.#signal);
  }

  #reportStop(reason: 'unread' | 'hung'): void {
    const { logger } = this.#reading;
    if (reason === 'hung') {
      this.#hungBefore = this.#unseen;
      this.#hangs += 1;
      logger.warn({}, 'journalctl said nothing while the journal grew; starting it again');
    } else logger.debug({}, 'nobody took journal entries for a while; journalctl was stopped until now');
  }

  #isUnseen(head: JournalPosition): boolean {
    const cursor = head.cursor();
    const point = this.#point;
    if (cursor === this.#hungBefore || (point.kind === 'after' && point.cursor === cursor)) return false;
    if (point.kind === 'since' && head.receivedUs < point.timeUs) return false;
    this.#unseen = cursor;
    return true;
  }
}

/** Reads on from `start` until `signal` aborts; see `Source.read`. */
export async function* readJournal(
  reading: JournalReading,
  start: StartPoint,
  signal: AbortSignal,
): AsyncGenerator<SourceMessage> {
  try {
    yield* new JournalReader(reading, start, await beginCounting(reading, start), signal).messages();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
