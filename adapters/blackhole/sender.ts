import type { AdapterContext, Sender } from '#sdk';
import { delivered } from '#sdk';
import type { BlackholeOptions } from './options.ts';

/** Takes everything, keeps a count and nothing else. Events are encoded, since that is a part of what costs. */
export const createSender = (options: BlackholeOptions, context: AdapterContext): Sender => {
  let events = 0;
  let bytes = 0;
  let isOpen = true;
  return {
    batchKey: () => '',
    encode: (item) => item.text(context.encoding),
    send: async (batch, signal) => {
      try {
        if (options.delay > 0) await context.clock.sleep(options.delay, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      if (signal.aborted) return { status: 'retry', scope: 'destination', reason: 'stopped before the delay was over' };
      events += batch.entries.length;
      bytes += batch.bytes;
      return delivered;
    },
    close: async () => {
      if (isOpen) context.logger.info({ events, bytes }, 'blackhole closed');
      isOpen = false;
    },
  };
};
