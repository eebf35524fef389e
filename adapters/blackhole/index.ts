import { defineAdapter } from '#sdk';
import { blackholeOptions } from './options.ts';

/** What CloudWatch Logs takes in a request, so that figures compare. */
const maxBatchBytes = 1024 * 1024;

export const blackhole = defineAdapter({
  apiVersion: 1,
  name: 'blackhole',
  summary: 'nowhere: counts events and forgets them, for benchmarks',
  options: blackholeOptions,
  limits: () => ({
    maxBytes: maxBatchBytes,
    maxEvents: 10_000,
    maxEventBytes: maxBatchBytes,
    overheadPerEvent: 0,
    overheadPerBatch: 0,
  }),
  window: () => undefined,
  acknowledges: 'none',
  defaultMaxAgeMs: 1000,
  load: () => import('./sender.ts'),
});
