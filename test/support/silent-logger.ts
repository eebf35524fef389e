import type { Logger } from '../../src/sdk/logger.ts';

/** A log for tests that look elsewhere. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
