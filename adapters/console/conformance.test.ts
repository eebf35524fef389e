import { PassThrough } from 'node:stream';
import { describe } from '@jest/globals';
import { describeAdapter } from '../../test/contracts/adapter.ts';
import { console } from './index.ts';
import { consoleOptions } from './options.ts';
import { createStreamSender } from './sender.ts';

describe('console', () => {
  let stream = new PassThrough();
  describeAdapter({
    manifest: {
      ...console,
      load: async () => ({
        createSender: (options, context) => createStreamSender(consoleOptions.parse(options), context, stream),
      }),
    },
    start: async () => {
      let lines = 0;
      stream = new PassThrough();
      stream.on('data', (data) => (lines += String(data).split('\n').length - 1));
      return { options: { format: 'json' }, received: () => lines, close: async () => void stream.destroy() };
    },
  });
});
