import { delivered, type FailureScope, type SendResult } from '#sdk';
import type { Failure } from './failure.ts';

const retry = (scope: FailureScope, { reason, retryAfterMs }: Failure): SendResult => ({
  status: 'retry',
  scope,
  reason,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

const denied = (scope: FailureScope, { reason }: Failure): SendResult => ({ status: 'denied', scope, reason });

/** What a failed PutLogEvents means for its batch. */
export const classifyPut = (failure: Failure): SendResult => {
  switch (failure.kind) {
    case 'throttled':
    case 'unavailable':
    case 'unreachable':
    case 'quota':
      return retry('destination', failure);
    case 'missing':
    case 'conflict':
    case 'already exists':
    // A name that we don't know is no proof that the content is bad: nothing is dropped for it.
    case 'unknown':
      return retry('batch', failure);
    case 'configuration':
    case 'credentials':
    case 'clock':
      return denied('destination', failure);
    case 'forbidden':
    case 'bad name':
      return denied('batch', failure);
    case 'duplicate':
      return delivered;
    case 'too large':
      return { status: 'split', reason: failure.reason };
    case 'invalid':
      return { status: 'rejected', reason: failure.reason };
  }
};

/**
 * What a failed creation means for the batch that waits for it. Nothing is wrong with the batch itself, and what exists
 * can still be written to, so that most failures are the batch's own.
 */
export const classifyCreation = (failure: Failure): SendResult => {
  switch (failure.kind) {
    case 'throttled':
    case 'conflict':
    case 'unknown':
      return retry('batch', failure);
    case 'quota':
    case 'missing':
    case 'forbidden':
    case 'bad name':
    case 'too large':
    case 'invalid':
      return denied('batch', failure);
    case 'unavailable':
    case 'unreachable':
    case 'configuration':
    case 'credentials':
    case 'clock':
    case 'duplicate':
    case 'already exists':
      return classifyPut(failure);
  }
};
