import { z } from 'zod';
import { put } from './limits.ts';
import { brokenConstraint, invalidParameter } from './service-error.ts';
import { checkGroupName, checkStreamName, parseInput } from './validate.ts';

export interface InputEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Which events of a request are refused: ranges of the array as sent. Field names are the service's. */
export interface RejectedRanges {
  readonly tooOldLogEventEndIndex?: number;
  readonly expiredLogEventEndIndex?: number;
  readonly tooNewLogEventStartIndex?: number;
}

const inputShape = z.strictObject({
  logGroupName: z.string(),
  logStreamName: z.string(),
  logEvents: z.array(z.strictObject({ timestamp: z.int(), message: z.string() })),
});

export type PutInput = z.output<typeof inputShape>;

/** Parses a PutLogEvents and checks all that its own bytes tell. */
export const parsePut = (body: unknown, nowMs: number): PutInput => {
  const input = parseInput(inputShape, body);
  checkGroupName(input.logGroupName);
  checkStreamName(input.logStreamName);
  checkEvents(input.logEvents, nowMs);
  return input;
};

const checkEvents = (events: readonly InputEvent[], nowMs: number): void => {
  if (events.length === 0) throw brokenConstraint('[]', 'logEvents', 'have length greater than or equal to 1');
  if (events.length > put.maxEvents) {
    throw brokenConstraint('[...]', 'logEvents', `have length less than or equal to ${put.maxEvents}`);
  }
  events.forEach(checkEvent);
  checkBytes(events);
  checkTimes(events, nowMs);
};

const checkEvent = (event: InputEvent, index: number): void => {
  if (event.timestamp < 0) {
    throw brokenConstraint(
      `${event.timestamp}`,
      `logEvents.${index + 1}.member.timestamp`,
      'be greater than or equal to 0',
    );
  }
  if (event.message.length === 0) {
    throw brokenConstraint('', `logEvents.${index + 1}.member.message`, 'have length greater than or equal to 1');
  }
};

const sizeOf = (event: InputEvent): number => Buffer.byteLength(event.message) + put.overheadPerEventBytes;

const checkBytes = (events: readonly InputEvent[]): void => {
  let total = 0;
  for (const event of events) {
    const bytes = sizeOf(event);
    if (bytes > put.maxBatchBytes) {
      throw invalidParameter(`Log event too large: ${bytes} bytes exceeds limit of ${put.maxBatchBytes}`);
    }
    total += bytes;
  }
  if (total <= put.maxBatchBytes) return;
  throw invalidParameter(`Upload too large: ${total} bytes exceeds limit of ${put.maxBatchBytes}`);
};

const isOld = (event: InputEvent, nowMs: number): boolean => event.timestamp < nowMs - put.maxPastMs;
const isNew = (event: InputEvent, nowMs: number): boolean => event.timestamp > nowMs + put.maxFutureMs;

const checkTimes = (events: readonly InputEvent[], nowMs: number): void => {
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    if (before === undefined || before.timestamp <= event.timestamp) continue;
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  const valid = events.filter((event) => !isOld(event, nowMs) && !isNew(event, nowMs));
  const spanMs = (valid.at(-1)?.timestamp ?? 0) - (valid[0]?.timestamp ?? 0);
  if (spanMs <= put.maxSpanMs) return;
  throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
};

/** The ranges that the service would refuse at `nowMs` of a group with this retention. */
export const rangesOutsideWindow = (
  events: readonly InputEvent[],
  nowMs: number,
  retentionDays: number | undefined,
): RejectedRanges => {
  const old = events.filter((event) => isOld(event, nowMs)).length;
  const expiredBefore = retentionDays === undefined ? 0 : nowMs - retentionDays * 86_400_000;
  const expired = events.filter((event) => event.timestamp < expiredBefore).length;
  const firstNew = events.findIndex((event) => isNew(event, nowMs));
  return {
    ...(old > 0 && { tooOldLogEventEndIndex: old }),
    ...(expired > old && { expiredLogEventEndIndex: expired }),
    ...(firstNew >= 0 && { tooNewLogEventStartIndex: firstNew }),
  };
};

const endOfOld = ({ tooOldLogEventEndIndex = 0, expiredLogEventEndIndex = 0 }: RejectedRanges): number =>
  Math.max(tooOldLogEventEndIndex, expiredLogEventEndIndex);

/** The events that `ranges` leave. */
export const keptBy = (events: readonly InputEvent[], ranges: RejectedRanges): readonly InputEvent[] =>
  events.slice(endOfOld(ranges), ranges.tooNewLogEventStartIndex ?? events.length);

/** An event that the service refused by a range of its answer. */
export interface RefusedEvent {
  readonly message: string;
  readonly as: 'too old' | 'too new';
}

/** The events that `ranges` refuse; those that have expired are too old. */
export const refusedBy = (events: readonly InputEvent[], ranges: RejectedRanges): readonly RefusedEvent[] => {
  const { tooNewLogEventStartIndex = events.length } = ranges;
  const old = events.slice(0, endOfOld(ranges)).map(({ message }) => ({ message, as: 'too old' as const }));
  const young = events.slice(tooNewLogEventStartIndex).map(({ message }) => ({ message, as: 'too new' as const }));
  return [...old, ...young];
};
