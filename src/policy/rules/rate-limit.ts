import { z } from 'zod';
import { duration } from '../../event/duration.ts';
import type { LogEvent } from '../../event/event.ts';
import { RateBuckets } from './rate-buckets.ts';

/** With these, what a bucket counts in stays below 2^53. */
const maxBurst = 1_000_000;
const longestIntervalMs = 3_600_000;

/** The `rate_limit` of a rule: how much of each service and stream is kept in which time. */
export const rateLimitSchema = z
  .strictObject({
    burst: z.int().min(1).max(maxBurst).describe('most events of one service and stream at once'),
    interval: duration()
      .refine((ms) => ms >= 1 && ms <= longestIntervalMs, 'expected 1ms to 1h')
      .describe('time in which as many more are kept, a bit at a time; goes by the times of the journal'),
  })
  .describe('what is beyond is dropped');

/** Tells whether an event is dropped because its service and stream send too many. Remembers, and so is a feed's own. */
export const createRateLimitTest = ({
  burst,
  interval,
}: z.output<typeof rateLimitSchema>): ((event: LogEvent) => boolean) => {
  const buckets = new RateBuckets({ burst, intervalUs: Math.round(interval * 1000) });
  return ({ service, stream, position }) => !buckets.take(service, stream, position.receivedUs);
};
