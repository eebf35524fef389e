import { describe } from '@jest/globals';
import type { Sender } from '#sdk';
import { describeAdapter } from '../../test/contracts/adapter.ts';
import { blackhole } from './index.ts';

describe('blackhole', () => {
  let events = 0;
  describeAdapter({
    manifest: {
      ...blackhole,
      load: async () => {
        const adapter = await blackhole.load();
        return {
          createSender: (options, context) => {
            const sender = adapter.createSender(options, context);
            const send: Sender['send'] = async (batch, signal) => {
              events += batch.entries.length;
              return await sender.send(batch, signal);
            };
            return { ...sender, send };
          },
        };
      },
    },
    start: async () => {
      events = 0;
      return { options: {}, received: () => events, close: async () => undefined };
    },
  });
});
