import type { InputLogEvent, PutLogEventsCommandInput, RejectedLogEventsInfo } from '@aws-sdk/client-cloudwatch-logs';
import { delivered, type BatchEntry, type Rejection, type SendResult } from '#sdk';
import type { Target } from './names.ts';

/** A PutLogEvents and the way back from it. */
export interface PutRequest {
  readonly input: PutLogEventsCommandInput;
  /** For each event as sent, its index in the batch. */
  readonly batchIndexes: readonly number[];
}

/** Whole milliseconds not before 1970: the service takes nothing else. */
const timestampOf = (entry: BatchEntry): number => Math.max(0, Math.floor(entry.timeMs));

/**
 * Puts a batch in the order that PutLogEvents demands, ascending by millisecond. The sort is stable: lines of one
 * millisecond keep the order of the source.
 */
export const buildRequest = (target: Target, entries: readonly BatchEntry[]): PutRequest => {
  const sorted = entries
    .map((entry, index) => ({ index, timestamp: timestampOf(entry), message: entry.text }))
    .toSorted((one, other) => one.timestamp - other.timestamp);
  const logEvents = sorted.map(({ timestamp, message }): InputLogEvent => ({ timestamp, message }));
  return {
    input: { logGroupName: target.group, logStreamName: target.stream, logEvents },
    batchIndexes: sorted.map(({ index }) => index),
  };
};

const tooOld = { as: 'too old', reason: 'older than the 14 days that CloudWatch Logs takes' } as const;
const expired = { as: 'too old', reason: 'older than the retention of the log group' } as const;
const tooNew = { as: 'too new', reason: 'more than the 2 hours ahead that CloudWatch Logs takes' } as const;

type Refusal = Pick<Rejection, 'as' | 'reason'>;

/**
 * Why the service refused the event at `index` as sent; undefined when it took it. The end of "too old" is exclusive and
 * the start of "too new" inclusive (API reference, RejectedLogEventsInfo); for "expired" it does not say, and read as an
 * inclusive end it would make a delivered event look refused.
 */
const refusalAt = (index: number, info: RejectedLogEventsInfo): Refusal | undefined => {
  if (index < (info.tooOldLogEventEndIndex ?? 0)) return tooOld;
  if (index < (info.expiredLogEventEndIndex ?? 0)) return expired;
  return index >= (info.tooNewLogEventStartIndex ?? Infinity) ? tooNew : undefined;
};

/** What became of the events of a request that was answered with success: ranges of them may have been refused. */
export const readAnswer = (request: PutRequest, info: RejectedLogEventsInfo | undefined): SendResult => {
  if (info === undefined) return delivered;
  const rejected = request.batchIndexes.flatMap((batchIndex, index): Rejection[] => {
    const refusal = refusalAt(index, info);
    return refusal === undefined ? [] : [{ index: batchIndex, ...refusal }];
  });
  return rejected.length === 0 ? delivered : { status: 'partial', rejected, retry: [] };
};
