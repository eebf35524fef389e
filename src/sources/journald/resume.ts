import { SourceError } from '#sdk';
import type { Seek } from './arguments.ts';
import { type JournalCursor, isSameInstant, parseCursor, seekByTime } from './cursor.ts';
import type { EntryFinder } from './finder.ts';
import { positionOf } from './head.ts';
import { JournalPosition } from './position.ts';
import type { JournalReading } from './reading.ts';
import { isRenumbered } from './renumbered.ts';

/** Where to read on, and the entry there that was handed over already. */
export interface Resumption {
  readonly seek: Seek;
  readonly handedOver: JournalCursor | undefined;
  /** Where reading goes on after, when that is another entry than the one asked for. */
  readonly movedTo?: string;
  /**
   * The entry that was asked for was copied under another number. Where its copy was found, reading goes on after that, and none
   * is missing between the two; else it can't be told which entries of its microsecond were handed over.
   */
  readonly copy?: 'found' | 'not found';
}

const emptyJournalPollMs = 1000;

const after = (position: JournalPosition): Resumption => ({
  seek: { kind: 'cursor', cursor: position.cursor() },
  handedOver: position.parsed(),
  movedTo: position.cursor(),
});

/** The number was given again, or will be: after a power loss, or when an older copy was put back. */
const isReused = (cursor: JournalCursor, found: JournalCursor): boolean => {
  if (found.sequenceId !== cursor.sequenceId || found.sequence > cursor.sequence) return false;
  const isItself = isSameInstant(found, cursor) && found.xorHash === cursor.xorHash;
  return found.sequence < cursor.sequence || !isItself;
};

/** What is found first does not rule out that the cursor's entry was numbered anew: copied from memory to disk. */
const mayBeCopied = (cursor: JournalPosition, found: JournalPosition): boolean =>
  found.sequenceId === cursor.sequenceId ? isRenumbered(found, cursor) : isSameInstant(found.parsed(), cursor.parsed());

const isRelated = (cursor: JournalCursor, found: JournalCursor): boolean =>
  found.sequenceId === cursor.sequenceId || found.bootId === cursor.bootId;

/** Resumes one cursor. A journal that has moved away from under it must neither lose lines nor stall in silence. */
class Resumer {
  readonly #reading: JournalReading;
  readonly #finder: EntryFinder;
  readonly #text: string;
  readonly #cursor: JournalCursor;
  readonly #signal: AbortSignal;

  constructor(reading: JournalReading, finder: EntryFinder, text: string, cursor: JournalCursor, signal: AbortSignal) {
    this.#reading = reading;
    this.#finder = finder;
    this.#text = text;
    this.#cursor = cursor;
    this.#signal = signal;
  }

  async resume(): Promise<Resumption> {
    const seek: Seek = { kind: 'cursor', cursor: this.#text };
    const finding = await this.#finder.at(seek, this.#signal);
    // An entry that can't be read is there all the same; the reader steps past it.
    if ('failure' in finding && finding.failure.kind === 'corrupt') return { seek, handedOver: this.#cursor };
    const position = positionOf(finding);
    const found = position?.parsed();
    if (position === undefined || found === undefined || isReused(this.#cursor, found)) {
      return await this.#resumeRewound();
    }
    if (mayBeCopied(JournalPosition.of(this.#cursor), position)) return await this.#resumeCopied(position);
    if (isRelated(this.#cursor, found) || (await this.#isKnown())) return { seek, handedOver: this.#cursor };
    return this.#beginAnew();
  }

  /** @param found what is at the cursor or after it */
  async #resumeCopied(found: JournalPosition): Promise<Resumption> {
    const cursor = JournalPosition.of(this.#cursor);
    const asked: Resumption = { seek: { kind: 'cursor', cursor: this.#text }, handedOver: this.#cursor };
    const byTime: Seek = { kind: 'cursor', cursor: seekByTime(this.#cursor) };
    const seek = found.sequenceId === cursor.sequenceId ? byTime : asked.seek;
    const same = positionOf(await this.#finder.same(this.#cursor, seek, this.#signal));
    if (same === undefined) return { ...asked, copy: 'not found' };
    return same.cursor() === cursor.cursor() ? asked : { ...after(same), copy: 'found' };
  }

  /** Nothing is at the cursor or after it, or another entry has its number. */
  async #resumeRewound(): Promise<Resumption> {
    const head = await this.#awaitHead();
    const lastOfBoot = await this.#newestOfBoot();
    if (lastOfBoot !== undefined && this.#isEarlier(lastOfBoot)) {
      this.#warn('the journal was set back; reading on after the last entry that is left');
      return after(lastOfBoot);
    }
    const seek: Seek = { kind: 'cursor', cursor: seekByTime(this.#cursor) };
    if (positionOf(await this.#finder.at(seek, this.#signal)) !== undefined) {
      this.#warn('the journal was set back; reading on at the time of the last entry read');
      return { seek, handedOver: this.#cursor };
    }
    if (lastOfBoot === undefined && !isRelated(this.#cursor, head.parsed()) && this.#reading.machines === 'own') {
      return this.#beginAnew();
    }
    this.#warn('the cursor is ahead of the journal; reading on after its newest entry');
    return after(head);
  }

  /** Whether the journal still holds anything of the one that the cursor is from. */
  async #isKnown(): Promise<boolean> {
    if (this.#reading.machines === 'all' || (await this.#newestOfBoot()) !== undefined) return true;
    const head = positionOf(await this.#finder.newest(1, this.#signal));
    return head !== undefined && isRelated(this.#cursor, head.parsed());
  }

  /** A journal that was not kept over a reboot, or was deleted: all of it is new, whatever the clock said then. */
  #beginAnew(): Resumption {
    this.#warn('this is not the journal that the cursor is from; reading it from its beginning');
    return { seek: { kind: 'beginning' }, handedOver: this.#cursor };
  }

  async #newestOfBoot(): Promise<JournalPosition | undefined> {
    return positionOf(await this.#finder.newestOfBoot(this.#cursor.bootId, this.#signal));
  }

  #isEarlier(position: JournalPosition): boolean {
    return Number.parseInt(position.parsed().monotonicUs, 16) < Number.parseInt(this.#cursor.monotonicUs, 16);
  }

  /** An empty journal may yet get its files: reading would begin nowhere, or stall at a time to come. */
  async #awaitHead(): Promise<JournalPosition> {
    for (;;) {
      const head = positionOf(await this.#finder.newest(1, this.#signal));
      if (head !== undefined) return head;
      await this.#reading.clock.sleep(emptyJournalPollMs, this.#signal);
    }
  }

  #warn(message: string): void {
    this.#reading.logger.warn({ cursor: this.#text }, message);
  }
}

/**
 * Finds where to read on after the entry of `cursor`.
 *
 * @param finder of all entries, whatever is matched
 * @throws {SourceError} when `cursor` is no journal cursor, or that can't be told.
 */
export const resumeAfter = async (
  reading: JournalReading,
  finder: EntryFinder,
  cursor: string,
  signal: AbortSignal,
): Promise<Resumption> => {
  const parsed = parseCursor(cursor);
  if (parsed === undefined) {
    throw new SourceError(
      'broken',
      `${JSON.stringify(cursor.slice(0, 200))} is not a journal cursor; remove the checkpoint it is from, reading then begins at "start"`,
    );
  }
  return await new Resumer(reading, finder, cursor, parsed, signal).resume();
};
