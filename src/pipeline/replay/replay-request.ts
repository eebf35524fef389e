import { z } from 'zod';

/** Milliseconds since the epoch. */
const time = z.number().nonnegative();

/** What an operator asks to be sent once more. Times are the source's: when it received the lines. */
export const replayRequestSchema = z.object({
  destination: z.string(),
  /** The first moment of the span. */
  sinceMs: time,
  /** The last. */
  untilMs: time,
  /** Lines of these services only, as a glob; undefined: of all. */
  service: z.string().optional(),
  /** Lines per second, at the most. */
  linesPerSecond: z.number().positive(),
  /** True: all is done but sending. */
  dryRun: z.boolean(),
});

export type ReplayRequest = z.output<typeof replayRequestSchema>;

/** Lines per second of a replay, unless the operator says otherwise: a fraction of what live traffic may need. */
export const defaultLinesPerSecond = 1000;
