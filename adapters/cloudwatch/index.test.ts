import { expect, test } from '@jest/globals';
import { contextOf } from '../../test/fakes/cloudwatch/harness.ts';
import { cloudwatch } from './index.ts';

test('the manifest leads to a sender, which asks for nothing before its first batch', async () => {
  const adapter = await cloudwatch.load();
  const sender = adapter.createSender(cloudwatch.options.parse({}), contextOf({ environment: {} }));
  await expect(sender.close()).resolves.toBeUndefined();
});
