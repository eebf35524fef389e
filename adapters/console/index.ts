import { defineAdapter } from '#sdk';
import { consoleOptions } from './options.ts';

/** Bounds memory; what reads us sets no limit. */
const maxBatchBytes = 8 * 1024 * 1024;

export const console = defineAdapter({
  apiVersion: 1,
  name: 'console',
  summary: 'standard output: readable for people, JSON for machines',
  options: consoleOptions,
  limits: () => ({
    maxBytes: maxBatchBytes,
    maxEvents: 1000,
    maxEventBytes: maxBatchBytes - 1,
    overheadPerEvent: 1,
    overheadPerBatch: 0,
  }),
  window: () => undefined,
  // A pipe or terminal has the bytes; whether anybody keeps them, it can't say.
  acknowledges: 'received',
  defaultMaxAgeMs: 50,
  load: () => import('./sender.ts'),
});
