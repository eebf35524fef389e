import { setImmediate } from 'node:timers/promises';
import { cloudwatchOptions } from '../../../adapters/cloudwatch/options.ts';
import { createSender } from '../../../adapters/cloudwatch/sender.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import type { AdapterContext, Batch, BatchEntry, Clock, LogEvent, Sender } from '../../../src/sdk/index.ts';
import { batchEntryOf } from '../../support/batch-entry.ts';
import { encodable, eventOf } from '../../support/events.ts';
import { awsTestEnvironment } from './isolate-aws.ts';
import { FakeCloudwatch } from './server.ts';

const ignore = (): void => undefined;
const never = new AbortController().signal;

/** A clock whose waits and deadlines pass only when told, so that a test decides when enough has been waited. */
export class DeadlineClock implements Clock {
  readonly #waits = new Map<() => void, number>();

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  nextTurn(): Promise<void> {
    return Promise.resolve();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waits.set(resolve, ms);
      signal.addEventListener('abort', () => {
        this.#waits.delete(resolve);
        reject(new Error('aborted', { cause: signal.reason }));
      });
    });
  }

  /** Lets pass all waits that are no longer than `upToMs`. */
  expire(upToMs = Infinity): void {
    for (const [resolve, ms] of this.#waits) {
      if (ms > upToMs) continue;
      this.#waits.delete(resolve);
      resolve();
    }
  }

  /** Lets waits up to `upToMs` pass at once until `result` is there. */
  async expireUntil<Result>(result: Promise<Result>, upToMs: number): Promise<Result> {
    const isPending = { value: true };
    void result.then(
      () => (isPending.value = false),
      () => (isPending.value = false),
    );
    while (isPending.value) {
      this.expire(upToMs);
      await setImmediate();
    }
    return result;
  }
}

/** A line that the adapter logged about itself. */
export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** What a sender is given in tests; what it logs goes to `logged`. */
export const contextOf = (overrides: Partial<AdapterContext> = {}, logged: LoggedLine[] = []): AdapterContext => {
  const log = (level: LoggedLine['level']) => (fields: object, message: string) => {
    logged.push({ level, fields, message });
  };
  return {
    destination: 'cloudwatch',
    host: 'host-1',
    encoding: 'message',
    logger: { debug: ignore, info: log('info'), warn: log('warn'), error: log('error') },
    clock: systemClock,
    environment: awsTestEnvironment,
    ...overrides,
  };
};

/** A line to send: its text and when it was written. */
export interface Line {
  readonly message: string;
  readonly timeMs?: number;
}

/** A batch of lines of one event's group and stream; lines without a time get `now` and one millisecond more each. */
export const batchOf = (sender: Sender, lines: readonly (Line | string)[], of: Partial<LogEvent> = {}): Batch => {
  const now = Date.now();
  const entries = lines.map((line, index): BatchEntry => {
    const { message, timeMs = now + index } = typeof line === 'string' ? { message: line } : line;
    return batchEntryOf(eventOf({ ...of, message, raw: message }, index), message, timeMs);
  });
  const bytes = entries.reduce((total, entry) => total + entry.bytes + 26, 0);
  return { key: sender.batchKey(encodable(eventOf(of))), entries, bytes };
};

/** A sender and the fake that it speaks to over a real socket. */
export class Harness {
  readonly fake: FakeCloudwatch;
  readonly sender: Sender;
  readonly logged: LoggedLine[];

  constructor(fake: FakeCloudwatch, sender: Sender, logged: LoggedLine[]) {
    this.fake = fake;
    this.sender = sender;
    this.logged = logged;
  }

  static async start(
    options: Readonly<Record<string, unknown>> = {},
    { context = {}, now = Date.now }: { context?: Partial<AdapterContext>; now?: () => number } = {},
  ): Promise<Harness> {
    const fake = await FakeCloudwatch.start({ now });
    const logged: LoggedLine[] = [];
    const parsed = cloudwatchOptions.parse({ endpoint: fake.url, region: 'us-east-1', ...options });
    return new Harness(fake, createSender(parsed, contextOf(context, logged)), logged);
  }

  send(lines: readonly (Line | string)[], of: Partial<LogEvent> = {}, signal = never) {
    return this.sender.send(batchOf(this.sender, lines, of), signal);
  }

  /** Resolves when an operation has been called so often. */
  async called(operation: string, times: number): Promise<void> {
    while ((this.fake.calls.get(operation) ?? 0) < times) await setImmediate();
  }

  /** Messages that arrived, in order of acceptance. */
  get messages(): readonly string[] {
    return this.fake.received.map(({ message }) => message);
  }

  async close(): Promise<void> {
    await this.sender.close();
    await this.fake.close();
  }
}
