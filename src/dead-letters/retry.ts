import type { EncodableEvent } from '../event/encode.ts';
import type { Outcome } from '../event/outcome.ts';
import { messageOf } from '../platform/error.ts';
import { eventMemory } from '../sdk/event-memory.ts';
import { type DeadLetter, maxAnswerLength } from './dead-letter.ts';
import type { LetterQuery } from './read-letters.ts';
import type { LetterEdit } from './segment-log.ts';
import { encodable } from './stored-event.ts';
import type { DeadLetterStore } from './store.ts';

/**
 * Sends an event once more through a lane. `done` tells how it ended, with the service's own words; the lane makes no new
 * letter of it.
 */
export type Resend = (event: EncodableEvent, done: (outcome: Outcome, answer: string) => void) => void;

export interface RetryOptions {
  readonly store: Pick<DeadLetterStore, 'letters' | 'edit'>;
  readonly resend: Resend;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Most events handed to the lane and not done. */
  readonly maxInFlight: number;
  /** Most memory of these, in bytes, as estimated; one that is larger goes alone. */
  readonly maxInFlightBytes: number;
  /** Ends the retry: what is not done stays a letter, though it may be delivered yet. */
  readonly signal: AbortSignal;
}

export const retryResults = ['delivered', 'refused', 'uncertain', 'cut', 'missing', 'failed'] as const;

/**
 * What became of one letter. `delivered`: it is gone. `refused`: it stays, with the new answer; so does one that is
 * `uncertain`. `cut`: it is not whole, so that it can't be sent. `missing`: there is no such letter. `failed`: the lane
 * would not take it.
 */
export interface RetriedLetter {
  readonly id: string;
  readonly result: (typeof retryResults)[number];
  /** The service's own words, or ours; '' where there is nothing to say. */
  readonly answer: string;
}

interface Done {
  readonly letter: DeadLetter;
  readonly outcome: Outcome | 'failed';
  readonly answer: string;
}

/** Taking letters away rewrites the files that they are in. */
const editsAtOnce = 500;

/** What is in flight, and what is done and not told yet. */
class Flight {
  readonly #done: Done[] = [];
  readonly #signal: AbortSignal;
  #inFlight = 0;
  #inFlightBytes = 0;
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Memory of these, in bytes, as estimated. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /** Hands one letter over. Only the first word on it counts. */
  start(letter: DeadLetter, resend: Resend): void {
    const bytes = eventMemory(letter.event);
    let isDone = false;
    const end = (outcome: Done['outcome'], answer: string): void => {
      if (isDone) return;
      isDone = true;
      this.#inFlight -= 1;
      this.#inFlightBytes -= bytes;
      this.#done.push({ letter, outcome, answer });
      this.#wake();
    };
    this.#inFlight += 1;
    this.#inFlightBytes += bytes;
    try {
      resend(encodable(letter.event), end);
    } catch (error) {
      end('failed', messageOf(error));
    }
  }

  takeDone(): readonly Done[] {
    return this.#done.splice(0);
  }

  /** Resolves when something is done, or the signal aborts. */
  async wait(): Promise<void> {
    if (this.#done.length > 0 || this.#signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}

const resultOf = (outcome: Done['outcome']): RetriedLetter['result'] =>
  outcome === 'delivered' || outcome === 'uncertain' || outcome === 'failed' ? outcome : 'refused';

/** What the letter becomes; undefined: what it was. */
const editOf = ({ letter, outcome, answer }: Done, nowMs: number): LetterEdit | undefined => {
  if (outcome === 'delivered') return 'remove';
  if (outcome === 'failed') return undefined;
  const reason = outcome === 'uncertain' ? letter.reason : outcome;
  return { reason, answer: answer.slice(0, maxAnswerLength), attempts: letter.attempts + 1, refusedAtMs: nowMs };
};

/** One round of sending letters again. */
class Retry {
  readonly #options: RetryOptions;
  readonly #flight: Flight;
  readonly #edits = new Map<string, LetterEdit>();

  constructor(options: RetryOptions) {
    this.#options = options;
    this.#flight = new Flight(options.signal);
  }

  async *run({ ids, ...query }: LetterQuery): AsyncGenerator<RetriedLetter> {
    const { store, resend, maxInFlight, maxInFlightBytes, signal } = this.#options;
    const missing = new Set(ids);
    for await (const letter of store.letters({ ...query, ...(ids !== undefined && { ids }) })) {
      missing.delete(letter.id);
      yield* this.#land(maxInFlight - 1, maxInFlightBytes - eventMemory(letter.event));
      if (signal.aborted) return;
      if (letter.isCut) yield { id: letter.id, result: 'cut', answer: 'it was too large to be kept whole' };
      else this.#flight.start(letter, resend);
    }
    yield* this.#land(0, 0);
    if (!signal.aborted) for (const id of missing) yield { id, result: 'missing', answer: '' };
  }

  /** Writes what became of those that are done. */
  async finish(): Promise<void> {
    this.#record(this.#flight.takeDone());
    await this.#save();
  }

  /** Tells of all that are done, until at most `mostInFlight` of `mostBytes` are not, or none. */
  async *#land(mostInFlight: number, mostBytes: number): AsyncGenerator<RetriedLetter> {
    for (;;) {
      const done = this.#flight.takeDone();
      this.#record(done);
      if (this.#edits.size >= editsAtOnce) await this.#save();
      for (const { letter, outcome, answer } of done) yield { id: letter.id, result: resultOf(outcome), answer };
      const { inFlight, inFlightBytes } = this.#flight;
      const hasRoom = inFlight === 0 || (inFlight <= mostInFlight && inFlightBytes <= mostBytes);
      if (hasRoom || this.#options.signal.aborted) return;
      await this.#flight.wait();
    }
  }

  #record(done: readonly Done[]): void {
    for (const one of done) {
      const edit = editOf(one, this.#options.now());
      if (edit !== undefined) this.#edits.set(one.letter.id, edit);
    }
  }

  async #save(): Promise<void> {
    if (this.#edits.size === 0) return;
    await this.#options.store.edit(new Map(this.#edits));
    this.#edits.clear();
  }
}

/**
 * Sends letters again, oldest first, and tells of each when it is done. Delivered ones are taken away, refused ones keep the
 * new answer; on disk that is done many at a time, so that after a kill a delivered one may be there still.
 *
 * @throws what the file system says when letters can't be read or changed.
 */
export async function* retryLetters(query: LetterQuery, options: RetryOptions): AsyncGenerator<RetriedLetter> {
  const retry = new Retry(options);
  try {
    yield* retry.run(query);
  } finally {
    await retry.finish();
  }
}
