import type { Clock } from '../platform/clock.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { Batch } from '../sdk/batch.ts';
import type { Logger } from '../sdk/logger.ts';
import type { SendResult } from '../sdk/send-result.ts';
import { messageOf } from '../platform/error.ts';

/** One try to send one batch. Wrappers of this type add one concern each; `createAttempt` is where their order stands. */
export type Attempt = (batch: Batch, signal: AbortSignal) => Promise<SendResult>;

/**
 * An adapter whose own timeout failed must not hold a lane for ever. Signal and timer end with the request, since whatever
 * an adapter hangs on them (the body, too) would live as long as they.
 */
const withDeadline =
  (attempt: Attempt, deadlineMs: number, clock: Clock): Attempt =>
  async (batch, signal) => {
    const request = new AbortController();
    const answered = new AbortController();
    const expired = new Promise<SendResult>((resolve) => {
      const end = (reason: string): void => {
        resolve({ status: 'retry', scope: 'destination', reason });
        request.abort(new Error(reason));
      };
      const stop = (): void => end('stopped while sending');
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true, signal: answered.signal });
      const onTime = (): void => end(`no answer within ${deadlineMs / 1000} s`);
      clock.sleep(deadlineMs, answered.signal).then(onTime, () => undefined);
    });
    try {
      return await Promise.race([attempt(batch, request.signal), expired]);
    } finally {
      answered.abort();
    }
  };

/** What an adapter throws is its bug: the lines are kept, the bug is said. */
const withBugReport =
  (attempt: Attempt, logger: Logger): Attempt =>
  async (batch, signal) => {
    try {
      return await attempt(batch, signal);
    } catch (error) {
      const reason = `bug in the adapter: ${messageOf(error)}`;
      logger.error({ error, events: batch.entries.length }, reason);
      return { status: 'retry', scope: 'batch', reason };
    }
  };

/** From the inside out: the adapter, its bugs made results, a deadline on all of it. Retrying is the lane's. */
export const createAttempt = (sender: Sender, deadlineMs: number, clock: Clock, logger: Logger): Attempt =>
  withDeadline(
    withBugReport((batch, signal) => sender.send(batch, signal), logger),
    deadlineMs,
    clock,
  );
