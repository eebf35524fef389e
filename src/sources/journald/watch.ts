import { messageOf } from '#sdk';
import type { JournalctlProcess } from './journalctl-process.ts';
import { positionOf } from './head.ts';
import type { JournalPosition } from './position.ts';
import { journalctlFinder } from './probe.ts';
import type { JournalReading } from './reading.ts';

/** Why a journalctl was stopped that could have gone on. */
export type StopReason =
  /** Nobody took its lines; blocked, it keeps deleted journal files on the disk. */
  | 'unread'
  /** It said nothing while the journal grew. */
  | 'hung';

const tickMs = 5000;
const unreadLimitMs = 30_000;
const silenceLimitMs = 30_000;
/** A message of hundreds of megabytes takes journalctl a while: each time in a row that it hangs it is given longer. */
const longestSilenceMs = 600_000;

/** What a reader is doing, as its watch sees it. */
export class Activity {
  readonly #reading: JournalReading;
  readonly #silenceLimitMs: number;
  #lastMs: number;
  #isHandingOver = false;

  /** `hangs` is how often in a row journalctl hung before. */
  constructor(reading: JournalReading, hangs: number) {
    this.#reading = reading;
    this.#silenceLimitMs = Math.min(longestSilenceMs, silenceLimitMs * 2 ** hangs);
    this.#lastMs = reading.clock.monotonic();
  }

  /** Output came, or the consumer asks for more. */
  receiving(): void {
    this.#isHandingOver = false;
    this.#lastMs = this.#reading.clock.monotonic();
  }

  /** The consumer has something to take care of. */
  handingOver(): void {
    this.#isHandingOver = true;
    this.#lastMs = this.#reading.clock.monotonic();
  }

  isUnread(): boolean {
    return this.#isHandingOver && this.#elapsedMs() > unreadLimitMs;
  }

  isSilent(): boolean {
    return !this.#isHandingOver && this.#elapsedMs() > this.#silenceLimitMs;
  }

  #elapsedMs(): number {
    return this.#reading.clock.monotonic() - this.#lastMs;
  }
}

/** Watches one journalctl and stops it where it must not go on. */
export class ReaderWatch {
  readonly #reading: JournalReading;
  readonly #child: JournalctlProcess;
  readonly #activity: Activity;
  readonly #isUnseen: (head: JournalPosition) => boolean;
  /** Whether entries were waiting at the last look; that long is no delay any more. */
  #wasBehind = false;

  /** `isUnseen` tells whether the journal's newest entry should have been read by now. */
  constructor(
    reading: JournalReading,
    child: JournalctlProcess,
    activity: Activity,
    isUnseen: (head: JournalPosition) => boolean,
  ) {
    this.#reading = reading;
    this.#child = child;
    this.#activity = activity;
    this.#isUnseen = isUnseen;
  }

  /** Resolves with the reason when it stopped journalctl, or without one when `signal` aborts; never rejects. */
  async run(signal: AbortSignal): Promise<StopReason | undefined> {
    while (await this.#nextTick(signal)) {
      const reason = await this.#check(signal);
      if (reason === undefined) continue;
      this.#child.stop();
      return reason;
    }
    return undefined;
  }

  /** False when it is to end. */
  async #nextTick(signal: AbortSignal): Promise<boolean> {
    return await this.#reading.clock.sleep(tickMs, signal).then(
      () => true,
      () => false,
    );
  }

  async #check(signal: AbortSignal): Promise<StopReason | undefined> {
    if (this.#activity.isUnread()) return 'unread';
    if (!this.#activity.isSilent()) {
      this.#wasBehind = false;
      return undefined;
    }
    const wasBehind = this.#wasBehind;
    this.#wasBehind = (await this.#isBehind(signal)) && this.#activity.isSilent();
    // Nothing to read: looked up again after as long a silence, so that a quiet host stays quiet.
    if (!this.#wasBehind && this.#activity.isSilent()) this.#activity.receiving();
    return wasBehind && this.#wasBehind ? 'hung' : undefined;
  }

  async #isBehind(signal: AbortSignal): Promise<boolean> {
    try {
      const head = positionOf(await journalctlFinder(this.#reading, this.#reading.place).newest(1, signal));
      return head !== undefined && this.#isUnseen(head);
    } catch (error) {
      this.#reading.logger.debug({ reason: messageOf(error) }, 'the newest journal entry could not be looked up');
      return false;
    }
  }
}
