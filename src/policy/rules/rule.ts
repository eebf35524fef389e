import { z } from 'zod';
import { destinationNames } from '../destination-names.ts';
import { label } from '../label.ts';
import { matchSchema } from '../match/match.ts';
import { minLevelSchema } from './min-level.ts';
import { rateLimitSchema } from './rate-limit.ts';
import { sampleSchema } from './sample.ts';

/** What is kept of the events that match; for each key the first matching rule that has the key decides. */
export const ruleSchema = z
  .strictObject({
    name: label(),
    match: matchSchema.optional(),
    to: destinationNames.optional().describe('limits the rule to these destinations; default: all'),
    min_level: minLevelSchema.optional(),
    sample: sampleSchema.optional(),
    rate_limit: rateLimitSchema.optional(),
  })
  .refine(({ min_level, sample, rate_limit }) => (min_level ?? sample ?? rate_limit) !== undefined, {
    error: 'this rule decides nothing; give it min_level, sample or rate_limit',
  })
  .describe('what is kept; for each key the first matching rule that has the key decides');

export type Rule = z.output<typeof ruleSchema>;
