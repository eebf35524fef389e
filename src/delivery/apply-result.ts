import type { DropReason } from '../event/drop-reason.ts';
import type { Outcome } from '../event/outcome.ts';
import type { BatchLimits } from '../sdk/batch.ts';
import type { FailureScope, SendResult } from '../sdk/send-result.ts';
import { countBytes, type LaneBatch } from './lane-batch.ts';
import type { LaneEntry } from './lane-entry.ts';

/** Entries that are done, and how; `answer` is the service's own word where it refused them. */
export interface Settled {
  readonly entries: readonly LaneEntry[];
  readonly outcome: Outcome;
  readonly answer?: string;
  /** True when the service refused the request and said nothing of the event itself. */
  readonly isWhole?: true;
}

/** Why a batch, or part of it, has to wait. */
export interface Failure {
  readonly kind: 'retry' | 'denied';
  readonly scope: FailureScope;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
}

/** What a result means for a batch: every entry is in exactly one of `settled` and `again`. */
export interface ResultPlan {
  readonly settled: readonly Settled[];
  /** What is to be sent again, in order, before anything newer of the key. */
  readonly again: readonly LaneBatch[];
  /** Undefined when `again` (if any) may be sent at once. */
  readonly failure: Failure | undefined;
}

type Rebatch = (entries: readonly LaneEntry[]) => LaneBatch;

const bisect = (batch: LaneBatch, rebatch: Rebatch, outcome: DropReason, answer: string): ResultPlan => {
  if (batch.entries.length === 1) {
    return { settled: [{ entries: batch.entries, outcome, answer, isWhole: true }], again: [], failure: undefined };
  }
  const middle = Math.ceil(batch.entries.length / 2);
  const halves = [batch.entries.slice(0, middle), batch.entries.slice(middle)];
  return { settled: [], again: halves.map((half) => rebatch(half)), failure: undefined };
};

const applyPartial = (batch: LaneBatch, rebatch: Rebatch, result: SendResult & { status: 'partial' }): ResultPlan => {
  const rejections = new Map(result.rejected.map((rejection) => [rejection.index, rejection]));
  const retried = new Set(result.retry.filter((index) => !rejections.has(index)));
  const settled: Settled[] = [];
  for (const [index, { reason, as }] of rejections) {
    const entry = batch.entries[index];
    if (entry !== undefined) settled.push({ entries: [entry], outcome: as ?? 'rejected', answer: reason });
  }
  const taken = batch.entries.filter((_, index) => !rejections.has(index) && !retried.has(index));
  if (taken.length > 0) settled.push({ entries: taken, outcome: 'delivered' });
  const rest = batch.entries.filter((_, index) => retried.has(index));
  if (rest.length === 0) return { settled, again: [], failure: undefined };
  const reason = `${rest.length} of ${batch.entries.length} events were not taken`;
  const failure: Failure = { kind: 'retry', scope: 'batch', reason, retryAfterMs: undefined };
  return { settled, again: [rebatch(rest)], failure };
};

/** Turns an adapter's classification into what the lane does next. Pure. */
export const applyResult = (batch: LaneBatch, result: SendResult, limits: BatchLimits): ResultPlan => {
  const rebatch: Rebatch = (entries) => ({
    key: batch.key,
    entries,
    bytes: countBytes(entries, limits),
    attempts: batch.attempts + 1,
    ...(batch.refusedAt !== undefined && { refusedAt: batch.refusedAt }),
  });
  switch (result.status) {
    case 'delivered':
      return { settled: [{ entries: batch.entries, outcome: 'delivered' }], again: [], failure: undefined };
    case 'partial':
      return applyPartial(batch, rebatch, result);
    case 'accepted': {
      const outcome = result.rejectedUnknown > 0 ? 'uncertain' : 'delivered';
      return { settled: [{ entries: batch.entries, outcome, answer: result.reason }], again: [], failure: undefined };
    }
    case 'retry':
    case 'denied': {
      const retryAfterMs = result.status === 'retry' ? result.retryAfterMs : undefined;
      const failure = { kind: result.status, scope: result.scope, reason: result.reason, retryAfterMs };
      return { settled: [], again: [rebatch(batch.entries)], failure };
    }
    case 'split':
      return bisect(batch, rebatch, 'too large', result.reason);
    case 'rejected':
      return bisect(batch, rebatch, 'rejected', result.reason);
  }
};
