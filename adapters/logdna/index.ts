import { defineAdapter } from '#sdk';
import { acceptanceWindow, batchLimits } from './limits.ts';
import { logdnaOptions } from './options.ts';

/** Ships to LogDNA, now Mezmo, over its HTTP ingest endpoint. */
export const logdna = defineAdapter({
  apiVersion: 1,
  name: 'logdna',
  summary: 'LogDNA (Mezmo)',
  options: logdnaOptions,
  limits: batchLimits,
  window: () => acceptanceWindow,
  acknowledges: 'received',
  defaultMaxAgeMs: 5_000,
  load: () => import('./sender.ts'),
});
