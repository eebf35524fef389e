import { z } from 'zod';
import {
  type AdapterManifest,
  type Batch,
  defineAdapter,
  delivered,
  type EncodableEvent,
  type RecordPosition,
  type SendResult,
} from '#sdk';
import type { DestinationConfig } from '../../src/config/config.ts';

const takenOf = ({ entries }: Batch, result: SendResult): Batch['entries'] => {
  if (result.status === 'delivered') return entries;
  if (result.status !== 'partial') return [];
  const left = new Set([...result.retry, ...result.rejected.map(({ index }) => index)]);
  return entries.filter((_, index) => !left.has(index));
};

/** A destination in memory: what it took, and a switch for how it answers. */
export class MemoryDestination {
  readonly name: string;
  /** Texts in the order in which they were taken. */
  readonly taken: string[] = [];
  /** Where each of them stands in the source, and its batch key. */
  readonly takenFrom: { readonly position: RecordPosition; readonly key: string }[] = [];
  /** Decides on each batch; `undefined` leaves it without an answer until the lane gives up on it. */
  answer: (batch: Batch) => SendResult | undefined = () => delivered;
  /** What is sent of an event. */
  encode: (item: EncodableEvent) => string = ({ event }) => event.raw;
  /** As in its configuration. */
  resume = false;
  renamedFrom: string | undefined;
  /** Whether only one may write to it. */
  isExclusive = false;
  /** How long it takes to answer, on the agent's clock. */
  delayMs = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** How old lines may get, in milliseconds. */
  maxBacklogMs: number | undefined;

  /** Takes what the lane sends, one event per batch of `maxEvents`; a stream of the event is a batch key. */
  config(maxEvents = 5): DestinationConfig {
    const options = z.strictObject({});
    const adapter: AdapterManifest = defineAdapter({
      apiVersion: 1,
      name: 'memory',
      summary: 'keeps events in memory',
      options,
      limits: () => ({
        maxBytes: 1_000_000,
        maxEvents,
        maxEventBytes: 500_000,
        overheadPerEvent: 0,
        overheadPerBatch: 0,
      }),
      window: () => undefined,
      acknowledges: 'durable',
      ...(this.isExclusive && { isExclusive: true }),
      defaultMaxAgeMs: 100,
      load: () =>
        Promise.resolve({
          createSender: (_, { clock }) => ({
            batchKey: ({ event }) => event.stream,
            encode: (item) => this.encode(item),
            send: async (batch, signal) => {
              if (this.delayMs > 0) await clock.sleep(this.delayMs, signal).catch(() => undefined);
              return await this.#send(batch, signal);
            },
            close: () => Promise.resolve(),
          }),
        }),
    });
    const lane = {
      encoding: 'message',
      batch: { maxAgeMs: 100, maxBytes: undefined, maxEvents: undefined },
      outsideWindow: 'restamp',
      concurrency: 4,
      drainMs: 1,
      maxBacklogMs: this.maxBacklogMs,
      notices: false,
      deadLetters: { maxBytes: 1_000_000 },
      resume: this.resume,
      renamedFrom: this.renamedFrom,
      start: undefined,
    } as const;
    return { status: 'ready', name: this.name, adapter, options: {}, lane };
  }

  async #send(batch: Batch, signal: AbortSignal): Promise<SendResult> {
    const result = signal.aborted ? undefined : this.answer(batch);
    if (result === undefined) {
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      return { status: 'retry', scope: 'destination', reason: 'no answer' };
    }
    const taken = takenOf(batch, result);
    this.taken.push(...taken.map(({ text }) => text));
    this.takenFrom.push(...taken.map(({ position }) => ({ position, key: batch.key })));
    return result;
  }
}
