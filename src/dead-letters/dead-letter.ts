import type { DropReason } from '../event/drop-reason.ts';
import type { LogEvent } from '../event/event.ts';

/** Why an event could not be delivered, as far as its last attempt goes. */
export interface Refusal {
  readonly reason: DropReason;
  /** The service's own words, at most {@link maxAnswerLength} characters of them; '' where it said nothing. */
  readonly answer: string;
  /** How often the event was sent, over all retries. */
  readonly attempts: number;
}

/** An event that a destination refused for good. */
export interface DeadLetter extends Refusal {
  /** For people to type: a number in base 36, given once per destination and rising. */
  readonly id: string;
  readonly destination: string;
  /** Milliseconds since the epoch of the last refusal. */
  readonly refusedAtMs: number;
  /** The batch key it was sent under, at most {@link maxAnswerLength} characters of it. */
  readonly key: string;
  /** True when the event was too large to keep whole: it shows which line it was, and can't be sent again. */
  readonly isCut: boolean;
  readonly event: LogEvent;
}

/** Longer answers and keys say nothing more to people. */
export const maxAnswerLength = 1000;
