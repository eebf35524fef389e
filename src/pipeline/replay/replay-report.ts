import { z } from 'zod';
import { dropReasons } from '../../event/drop-reason.ts';

const count = z.number().int().nonnegative();
/** Milliseconds since the epoch. */
const time = z.number();
const seconds = z.number().nonnegative();
const bytes = z.number().nonnegative();

/** What a request means, and what of it can't be had. */
export const replayPlanSchema = z
  .object({
    destination: z.string(),
    /** The span, as far as it lies behind us and the source may hold it. */
    sinceMs: time,
    untilMs: time,
    service: z.string().optional(),
    linesPerSecond: z.number(),
    dryRun: z.boolean(),
    /** What the operator should know before it begins, in whole sentences. */
    notices: z.array(z.string()).readonly(),
  })
  .readonly();

/** A replay's own account, in lines: read = delivered + uncertain + dropped + pending. */
const balanceShape = {
  /** Lines of the span and the services that were asked for. */
  read: count,
  delivered: count,
  /** The service took their batch, refused some of it and did not say which. */
  uncertain: count,
  dropped: z.partialRecord(z.enum(dropReasons), count).readonly(),
  /** Read and not settled. */
  pending: count,
  /** Lines that were read on the way, and were not asked for: beside the equation. */
  passedOver: count,
};

/** A replay as of now. */
export const replayProgressSchema = z
  .object({
    plan: replayPlanSchema,
    startedMs: time,
    ...balanceShape,
    /** Whether the destination takes what is sent, and if not, why. */
    condition: z.object({ state: z.enum(['ok', 'retrying', 'denied']), reason: z.string() }).readonly(),
    /** Batch keys that the destination refuses alone. */
    parkedKeys: count,
    /** The part of the span below which all is settled, from 0 to 1. */
    share: z.number().min(0).max(1),
    /** Until it is done, at the pace so far; undefined while nobody can tell. */
    secondsLeft: seconds.optional(),
  })
  .readonly();

/** What a dry run found of one service. */
const dryServiceSchema = z.object({ service: z.string(), lines: count, bytes }).readonly();

/** What a dry run found. Bytes are such as the service bills them. */
const dryRunSchema = z
  .object({
    services: z.array(dryServiceSchema).readonly(),
    bytes,
    /** Events that would be sent under another time, since the service no longer takes their own. */
    restamped: count,
    /** How long it takes to send all that, at the rate that was asked for. */
    secondsAtRate: seconds,
  })
  .readonly();

/** How a replay ended. */
export const replayResultSchema = z
  .object({
    progress: replayProgressSchema,
    outcome: z.enum(['complete', 'canceled', 'failed']),
    /** Why it is not complete; empty when it is. */
    reason: z.string(),
    seconds,
    dryRun: dryRunSchema.optional(),
  })
  .readonly();

/** What a running replay tells: how far it is, once a second, and how it ended, last. */
export const replayMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), progress: replayProgressSchema }).readonly(),
  z.object({ kind: z.literal('result'), result: replayResultSchema }).readonly(),
]);

export type ReplayPlan = z.output<typeof replayPlanSchema>;
export type ReplayProgress = z.output<typeof replayProgressSchema>;
export type ReplayResult = z.output<typeof replayResultSchema>;
export type DryRun = z.output<typeof dryRunSchema>;
export type ReplayMessage = z.output<typeof replayMessageSchema>;
