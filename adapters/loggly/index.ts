import { defineAdapter } from '#sdk';
import { batchLimits } from './limits.ts';
import { logglyOptions } from './options.ts';

/** Ships to SolarWinds Loggly over its HTTP bulk endpoint. */
export const loggly = defineAdapter({
  apiVersion: 1,
  name: 'loggly',
  summary: 'SolarWinds Loggly',
  options: logglyOptions,
  limits: () => batchLimits,
  window: () => undefined,
  acknowledges: 'received',
  defaultMaxAgeMs: 5_000,
  load: () => import('./sender.ts'),
});
