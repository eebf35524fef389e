import { defineAdapter } from '#sdk';
import { acceptanceWindow, batchLimits } from './limits.ts';
import { cloudwatchOptions } from './options.ts';

/** Ships to AWS CloudWatch Logs with PutLogEvents. */
export const cloudwatch = defineAdapter({
  apiVersion: 1,
  name: 'cloudwatch',
  summary: 'AWS CloudWatch Logs',
  options: cloudwatchOptions,
  limits: batchLimits,
  window: acceptanceWindow,
  acknowledges: 'durable',
  defaultMaxAgeMs: 5_000,
  load: async () => await import('./sender.ts'),
});
