import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/error.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { SendResult } from '../sdk/send-result.ts';
import { RateMeter } from './rate-meter.ts';
import type { DestinationStatus } from './status.ts';

/** What a service said; an error page is cut here. */
const maxAnswerCharacters = 500;

const takenOf = (result: SendResult, lines: number): number => {
  switch (result.status) {
    case 'delivered':
      return lines;
    case 'partial':
      return lines - new Set([...result.rejected.map(({ index }) => index), ...result.retry]).size;
    case 'accepted':
      return lines - result.rejectedUnknown;
    case 'retry':
    case 'denied':
    case 'split':
    case 'rejected':
      return 0;
  }
};

const counted = (lines: number): string => `${lines} ${lines === 1 ? 'line' : 'lines'}`;

const describeAnswer = (result: SendResult, lines: number): string => {
  const taken = takenOf(result, lines);
  switch (result.status) {
    case 'delivered':
      return `took ${counted(lines)}`;
    case 'partial':
      return [`took ${taken} of ${counted(lines)}`, ...result.rejected.slice(0, 1).map(({ reason }) => reason)].join(
        ': ',
      );
    case 'accepted':
      return `took ${taken} of ${counted(lines)}: ${result.reason}`;
    case 'retry':
    case 'denied':
    case 'split':
    case 'rejected':
      return result.reason;
  }
};

/** Watches what a destination's service answers. */
export class DeliveryMeter {
  readonly #clock: Clock;
  readonly #rate: RateMeter;
  #requests = 0;
  #retries = 0;
  #lastAnswer: DestinationStatus['lastAnswer'];
  #progressAtMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#rate = new RateMeter(clock.monotonic());
    this.#progressAtMs = clock.monotonic();
  }

  /** The same sender, watched. */
  watch(sender: Sender): Sender {
    return {
      batchKey: (item) => sender.batchKey(item),
      encode: (item) => sender.encode(item),
      close: async () => await sender.close(),
      send: async (batch, signal) => {
        try {
          const result = await sender.send(batch, signal);
          this.#answered(result, batch.entries.length);
          return result;
        } catch (error) {
          this.#answered({ status: 'retry', scope: 'batch', reason: messageOf(error) }, batch.entries.length);
          throw error;
        }
      },
    };
  }

  /** When the service last took or refused lines for good, on the monotonic clock; when watching began, before it did. */
  get progressAtMs(): number {
    return this.#progressAtMs;
  }

  figures() {
    return {
      linesPerSecond: this.#rate.perSecond(this.#clock.monotonic()),
      requests: this.#requests,
      retries: this.#retries,
      lastAnswer: this.#lastAnswer,
    };
  }

  #answered(result: SendResult, lines: number): void {
    const isAgain = result.status === 'retry' || result.status === 'denied';
    this.#requests += 1;
    if (isAgain) this.#retries += 1;
    else this.#progressAtMs = this.#clock.monotonic();
    this.#rate.add(takenOf(result, lines), this.#clock.monotonic());
    this.#lastAnswer = {
      atMs: this.#clock.now(),
      text: describeAnswer(result, lines).slice(0, maxAnswerCharacters),
    };
  }
}
