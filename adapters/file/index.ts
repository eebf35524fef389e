import { defineAdapter } from '#sdk';
import { fileOptions } from './options.ts';

/** Bounds the memory of a batch; a file has no limit of its own. Holds any line that sources let through by default. */
const maxBatchBytes = 8 * 1024 * 1024;

export const file = defineAdapter({
  apiVersion: 1,
  name: 'file',
  summary: 'files of newline-delimited JSON, rotated and compressed',
  options: fileOptions,
  limits: (options) => {
    const maxBytes = Math.min(maxBatchBytes, options.max_size);
    return { maxBytes, maxEvents: 10_000, maxEventBytes: maxBytes - 1, overheadPerEvent: 1, overheadPerBatch: 0 };
  },
  window: () => undefined,
  acknowledges: 'durable',
  isExclusive: true,
  defaultMaxAgeMs: 1000,
  load: () => import('./sender.ts'),
});
