import type { LogEvent } from '../event/event.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/error.ts';
import type { Logger } from '../sdk/logger.ts';
import type { DeadLetter, Refusal } from './dead-letter.ts';
import { formatLetterId } from './letter-id.ts';
import { formatLetter } from './letter-line.ts';
import { LetterWriter } from './letter-writer.ts';
import { LossTally } from './loss-tally.ts';
import type { QueueRoom } from './queue-room.ts';
import { type LetterPlace, type LetterQuery, readLetters } from './read-letters.ts';
import { type LetterEdit, SegmentLog } from './segment-log.ts';

export interface DeadLetterStoreOptions extends LetterPlace {
  /** Of all its files together; 0: none are kept. */
  readonly maxBytes: number;
  /** The source's own fields that the destination's templates read: kept for sending again. */
  readonly fieldNames: readonly string[];
  /** Where letters wait for the disk; others may wait there, too. */
  readonly room: QueueRoom;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An event that was refused, as the lane knows it. */
export interface RefusedEvent extends Refusal {
  readonly event: LogEvent;
  /** The batch key it was sent under. */
  readonly key: string;
}

/** What a destination's dead letters come to. */
export interface DeadLetterSummary {
  readonly letters: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Letters that made room for newer ones, since the start. */
  readonly expired: number;
  /** Letters that could not be written, since the start: a full, slow or forbidden disk. */
  readonly missed: number;
  /** Why the last letters could not be written; undefined when they could. */
  readonly problem: string | undefined;
}

/** How many letters are kept, by what they have in common. */
export interface DeadLetterCounts {
  readonly reasons: ReadonlyMap<string, number>;
  readonly services: ReadonlyMap<string, number>;
}

/** One letter takes at most this part of all, and no more than the largest events need. */
const letterShare = 1 / 4;
const largestLetterBytes = 64 * 1024 * 1024;

const increment = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** The dead letters of one destination. Adding never waits and never fails: what can't be kept is counted and said. */
export class DeadLetterStore {
  readonly #options: DeadLetterStoreOptions;
  readonly #log: SegmentLog;
  readonly #writer: LetterWriter;
  readonly #missed: LossTally;
  readonly #expired: LossTally;
  /** Why the files must not be touched; undefined while they may. */
  #barred: string | undefined;
  #isClosed = false;

  private constructor(options: DeadLetterStoreOptions) {
    const { clock, logger, room, maxBytes } = options;
    this.#options = options;
    this.#log = new SegmentLog(options, maxBytes);
    this.#missed = new LossTally(clock, (letters, why) =>
      logger.error({ letters }, `dead letters can't be kept, the events are counted only: ${why}`),
    );
    this.#expired = new LossTally(clock, (letters, why) =>
      logger.warn({ letters }, `the oldest dead letters made room for new ones: ${why}`),
    );
    this.#writer = new LetterWriter({
      log: this.#log,
      room,
      clock,
      onExpired: (letters) => this.#expired.add(letters, `dead_letters.max_size is ${maxBytes} bytes`),
      onMissed: (letters, why) => this.#missed.add(letters, why),
    });
  }

  /** Opens what is there. Where the files can't be used, that is said, they are left alone and no letter is kept. */
  static async open(options: DeadLetterStoreOptions): Promise<DeadLetterStore> {
    const store = new DeadLetterStore(options);
    const { logger } = options;
    try {
      for (const { path, lines, isTorn } of await store.#log.open()) {
        if (isTorn) logger.warn({ path }, 'the last dead letter was cut short while it was written, and is lost');
        if (lines > 0) logger.error({ path, lines }, 'dead letters are damaged: these lines are passed over');
      }
    } catch (error) {
      store.#barred = messageOf(error);
      logger.error({}, `dead letters can't be used, none are kept: ${store.#barred}`);
    }
    return store;
  }

  get summary(): DeadLetterSummary {
    const { letters, bytes } = this.#log;
    const problem = this.#barred ?? this.#writer.problem;
    const { maxBytes } = this.#options;
    return { letters, bytes, maxBytes, expired: this.#expired.total, missed: this.#missed.total, problem };
  }

  /** Keeps an event, whatever the disk does. */
  add(refused: RefusedEvent): void {
    if (this.#options.maxBytes === 0) return;
    const problem = this.#obstacle ?? this.#write(refused);
    if (problem !== undefined) this.#missed.add(1, problem);
  }

  /** All letters that meet the query, oldest first, a part of them in memory at a time. */
  async *letters(query: LetterQuery): AsyncGenerator<DeadLetter> {
    await this.#writer.written();
    // Damage was said when the store was opened.
    yield* readLetters(this.#options, query, () => undefined);
  }

  /** At most `limit` letters that meet the query, oldest first. */
  async list({ limit, ...query }: LetterQuery & { readonly limit: number }): Promise<readonly DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for await (const letter of this.letters(query)) {
      if (letters.push(letter) >= limit) break;
    }
    return letters;
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    const [letter] = await this.list({ ids: new Set([id]), limit: 1 });
    return letter;
  }

  async counts(): Promise<DeadLetterCounts> {
    const [reasons, services] = [new Map<string, number>(), new Map<string, number>()];
    for await (const { reason, event } of this.letters({})) {
      increment(reasons, reason);
      increment(services, event.service);
    }
    return { reasons, services };
  }

  /** Takes letters away; see {@link DeadLetterStore.edit}. */
  async remove(ids: Iterable<string>): Promise<number> {
    return await this.edit(new Map(Array.from(ids, (id) => [id, 'remove'])));
  }

  /**
   * Changes letters or takes them away, best many at a time: it rewrites the files that they are in.
   *
   * @returns how many there were; those that are gone already are passed over.
   * @throws what the file system says (ENOSPC, ...); each letter is as before or as it should be then.
   */
  async edit(edits: ReadonlyMap<string, LetterEdit>): Promise<number> {
    if (this.#barred !== undefined) throw new Error(`dead letters can't be used: ${this.#barred}`);
    return await this.#writer.exclusively(() => this.#log.edit(edits));
  }

  /** Writes what waits; keeps nothing from then on. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writer.close();
  }

  get #obstacle(): string | undefined {
    if (this.#isClosed) return 'the destination is closed';
    return this.#barred;
  }

  /** Why the event can't be kept; undefined when it will be written. */
  #write(refused: RefusedEvent): string | undefined {
    const { destination, maxBytes, fieldNames, room, clock } = this.#options;
    const maxLetterBytes = Math.min(Math.floor(maxBytes * letterShare), largestLetterBytes, room.maxBytes);
    const number = this.#log.takeNumber();
    const letter = { ...refused, id: formatLetterId(number), destination, refusedAtMs: clock.now(), isCut: false };
    try {
      const text = formatLetter(letter, fieldNames, maxLetterBytes);
      if (text === undefined) return 'there is no room for as much as one';
      const isQueued = this.#writer.push({ number, text, bytes: Buffer.byteLength(text) });
      return isQueued ? undefined : 'the disk is too slow';
    } catch (error) {
      return messageOf(error);
    }
  }
}
