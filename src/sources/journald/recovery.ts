import { SourceError } from '#sdk';
import type { Failure } from './failure.ts';
import type { JournalReading } from './reading.ts';

const firstDelayMs = 100;
const longestDelayMs = 30_000;
/** Before the first entry that can't be read is given up, it is tried this often. */
const triesAtOnePlace = 3;

/** What is tried next after journalctl failed: slower each time, and past an entry that it can't read. */
export class Recovery {
  readonly #reading: JournalReading;
  #failures = 0;
  #corruptions = 0;
  /** False where this journalctl can't follow all boots and is run again and again instead. */
  follows = true;

  constructor(reading: JournalReading) {
    this.#reading = reading;
  }

  /** How many entries to go past the last one read; 0: read on there. */
  get steps(): number {
    return Math.max(0, this.#corruptions - triesAtOnePlace + 1);
  }

  /** Entries came: whatever it was, it is over. */
  succeeded(): void {
    this.#failures = 0;
    this.#corruptions = 0;
  }

  /**
   * Waits before the next try.
   *
   * @throws {SourceError} when trying again is useless.
   */
  async failed(failure: Failure, signal: AbortSignal): Promise<void> {
    if (failure.kind === 'fatal') throw failure.error;
    if (failure.kind === 'merge refused') {
      this.#stopFollowing();
      return;
    }
    if (failure.kind === 'corrupt') this.#corruptions += 1;
    this.#failures += 1;
    this.#report(failure.text);
    await this.#reading.clock.sleep(this.#delayMs(), signal);
  }

  #delayMs(): number {
    return this.steps > 1 ? firstDelayMs : Math.min(longestDelayMs, firstDelayMs * 2 ** (this.#failures - 1));
  }

  #report(reason: string): void {
    const fields = { reason, failures: this.#failures };
    if (this.steps === 0) this.#reading.logger.warn(fields, 'journalctl ended; starting it again');
    else
      this.#reading.logger.error({ ...fields, steps: this.steps }, 'stepping past a journal entry that cannot be read');
  }

  #stopFollowing(): void {
    if (!this.follows) throw new SourceError('broken', 'journalctl refuses --merge; update systemd');
    this.follows = false;
    this.#reading.logger.warn({}, 'this journalctl cannot follow all boots; reading the journal every second instead');
  }
}
