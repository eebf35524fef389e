import type { Clock } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';

/** A clock on which waiting takes `factor` times less than it says, for limits of many seconds. */
export const fastClock = (factor: number): Clock => ({
  ...systemClock,
  monotonic: () => systemClock.monotonic() * factor,
  sleep: async (ms, signal) => await systemClock.sleep(ms / factor, signal),
});
