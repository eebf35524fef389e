import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeAdapter } from '../../test/contracts/adapter.ts';
import { awsTestEnvironment, isolateAws } from '../../test/fakes/cloudwatch/isolate-aws.ts';
import { FakeCloudwatch } from '../../test/fakes/cloudwatch/server.ts';
import { fastClock } from '../../test/support/fast-clock.ts';
import { cloudwatch } from './index.ts';

const region = 'eu-west-1';

describe('cloudwatch', () => {
  let restore: () => void;
  beforeAll(() => {
    restore = isolateAws();
  });
  afterAll(() => restore());

  describeAdapter({
    manifest: cloudwatch,
    context: { environment: awsTestEnvironment, clock: fastClock(20) },
    start: async () => {
      const fake = await FakeCloudwatch.start();
      return {
        options: { region, endpoint: fake.url },
        received: () => fake.received.length,
        close: () => fake.close(),
      };
    },
    network: { secret: 'not-a-secret', options: (endpoint) => ({ region, endpoint }) },
  });
});
