import type { Arrivals } from './sink.ts';

/** Tells the bench where a counting process takes events, and then what arrived as often as it asks. */
export const serveCount = (address: string, count: () => Arrivals): void => {
  process.on('message', () => process.send?.(count()));
  process.once('disconnect', () => process.exit(0));
  process.send?.({ address });
};
