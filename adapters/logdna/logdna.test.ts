import { describe } from '@jest/globals';
import { describeAdapter } from '../../test/contracts/adapter.ts';
import { startFakeLogdna } from '../../test/fakes/logdna.ts';
import { logdna } from './index.ts';

const key = '0f5e6d7c8b9a/key+?&';

describe.each(['none', 'gzip'] as const)('logdna, compression: %s', (compression) => {
  describeAdapter({
    manifest: logdna,
    start: async () => {
      const fake = await startFakeLogdna(key);
      const options = {
        key,
        endpoint: fake.url,
        compression,
        app: '{{service}}',
        env: '{{stream}}',
        tags: ['web', 'eu-1'],
      };
      return { options, received: () => fake.received.length, close: () => fake.close() };
    },
    network: { secret: key, options: (endpoint) => ({ key, endpoint }) },
  });
});
