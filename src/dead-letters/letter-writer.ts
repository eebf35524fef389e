import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/error.ts';
import type { QueueRoom } from './queue-room.ts';
import type { LetterLine, SegmentLog } from './segment-log.ts';

/** At most this much is lost in a power failure; a kill loses only what was not written yet. */
const syncEveryMs = 1000;

export interface LetterWriterOptions {
  readonly log: SegmentLog;
  readonly room: QueueRoom;
  readonly clock: Clock;
  /** Letters made room for new ones. */
  readonly onExpired: (letters: number) => void;
  /** Letters could not be written. */
  readonly onMissed: (letters: number, why: string) => void;
}

/** Writes letters behind the back of those who add them, and runs all that is done to the files one after another. */
export class LetterWriter {
  readonly #options: LetterWriterOptions;
  readonly #closed = new AbortController();
  #tail: Promise<unknown> = Promise.resolve();
  #queue: LetterLine[] = [];
  #isSyncDue = false;
  #problem: string | undefined;

  constructor(options: LetterWriterOptions) {
    this.#options = options;
  }

  /** Why the last letters could not be written; undefined when they could. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Has a letter written; false when there is no room for it, as the disk does not keep up. */
  push(line: LetterLine): boolean {
    if (!this.#options.room.take(line.bytes)) return false;
    this.#queue.push(line);
    if (this.#queue.length === 1) void this.exclusively(() => this.#writeQueued());
    return true;
  }

  /** Resolves when all that was pushed before is written, or could not be. */
  async written(): Promise<void> {
    await this.exclusively(() => Promise.resolve());
  }

  /** Runs one thing after all others that were asked for before. */
  async exclusively<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return await result;
  }

  /** Writes what waits and syncs it. May be called twice. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('the writer is closed'));
    await this.exclusively(async () => {
      await this.#sync();
      await this.#options.log.close().catch((error: unknown) => {
        this.#problem = messageOf(error);
      });
    });
  }

  async #writeQueued(): Promise<void> {
    const { log, room, onExpired, onMissed } = this.#options;
    const lines = this.#queue;
    this.#queue = [];
    const { expired, missed, problem } = await log.append(lines);
    this.#problem = problem;
    onExpired(expired);
    if (problem !== undefined) onMissed(missed, problem);
    for (const { bytes } of lines) room.free(bytes);
    this.#syncSoon();
  }

  #syncSoon(): void {
    const { signal } = this.#closed;
    if (this.#isSyncDue || signal.aborted) return;
    this.#isSyncDue = true;
    const sync = (): Promise<void> => this.exclusively(() => this.#sync());
    this.#options.clock.sleep(syncEveryMs, signal).then(sync, () => undefined);
  }

  async #sync(): Promise<void> {
    this.#isSyncDue = false;
    try {
      await this.#options.log.sync();
    } catch (error) {
      this.#problem = `they may not survive a power failure: ${messageOf(error)}`;
    }
  }
}
