import type { Sender } from '../sdk/adapter.ts';
import type { Batch } from '../sdk/batch.ts';
import type { Logger } from '../sdk/logger.ts';
import type { SendResult } from '../sdk/send-result.ts';
import { messageOf } from '../platform/error.ts';

/** One try to send one batch. Wrappers of this type add one concern each; `createAttempt` is where their order stands. */
export type Attempt = (batch: Batch, signal: AbortSignal) => Promise<SendResult>;

/** An adapter whose own timeout failed must not hold a lane for ever. */
const withDeadline =
  (attempt: Attempt, deadlineMs: number): Attempt =>
  async (batch, signal) => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const either = AbortSignal.any([signal, deadline]);
    const expired = new Promise<SendResult>((resolve) => {
      either.addEventListener(
        'abort',
        () => {
          const reason = deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : 'stopped while sending';
          resolve({ status: 'retry', scope: 'destination', reason });
        },
        { once: true },
      );
    });
    return await Promise.race([attempt(batch, either), expired]);
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
export const createAttempt = (sender: Sender, deadlineMs: number, logger: Logger): Attempt =>
  withDeadline(
    withBugReport((batch, signal) => sender.send(batch, signal), logger),
    deadlineMs,
  );
