import { describe } from '@jest/globals';
import { describeAdapter } from '../../test/contracts/adapter.ts';
import { startFakeLoggly } from '../../test/fakes/loggly.ts';
import { loggly } from './index.ts';

const token = 'f2a6e1d0-9b1c/token+?&';

describe.each(['none', 'gzip'] as const)('loggly, compression: %s', (compression) => {
  describeAdapter({
    manifest: loggly,
    start: async () => {
      const fake = await startFakeLoggly(encodeURIComponent(token));
      const options = { token, endpoint: fake.url, compression, tags: ['{{service}}', '{{stream}}', '{{host}}'] };
      return { options, received: () => fake.received.length, close: () => fake.close() };
    },
    network: { secret: token, options: (endpoint) => ({ token, endpoint }) },
  });
});
