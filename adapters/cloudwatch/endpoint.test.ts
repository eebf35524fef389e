import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { batchOf, contextOf } from '../../test/fakes/cloudwatch/harness.ts';
import { awsTestEnvironment, isolateAws } from '../../test/fakes/cloudwatch/isolate-aws.ts';
import { cloudwatchOptions } from './options.ts';
import { createSender } from './sender.ts';

const never = new AbortController().signal;
let restoreAws: () => void;
let proxy: Server;
let url: string;
/** The hosts that the proxy was asked for; it leads nowhere. */
const hosts: (string | undefined)[] = [];

beforeAll(async () => {
  restoreAws = isolateAws();
  proxy = createServer().listen(0, '127.0.0.1');
  proxy.on('connect', (request, socket) => {
    hosts.push(request.url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await once(proxy, 'listening');
  const address = proxy.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterEach(() => {
  hosts.length = 0;
});
afterAll(() => {
  restoreAws();
  proxy.close();
  proxy.closeAllConnections();
});

const sendThrough = async (options: object, environment: Readonly<Record<string, string>> = awsTestEnvironment) => {
  const sender = createSender(cloudwatchOptions.parse(options), contextOf({ environment }));
  const result = await sender.send(batchOf(sender, ['one']), never);
  await sender.close();
  return result;
};

describe('the endpoint', () => {
  test.each([
    [{ region: 'eu-west-1' }, 'logs.eu-west-1.amazonaws.com:443'],
    [{ region: 'us-east-1', fips: true }, 'logs-fips.us-east-1.amazonaws.com:443'],
    [{ region: 'eu-west-1', dualstack: true }, 'logs.eu-west-1.api.aws:443'],
    [{ region: 'us-east-1', fips: true, dualstack: true }, 'logs-fips.us-east-1.api.aws:443'],
    [{ region: 'cn-north-1' }, 'logs.cn-north-1.amazonaws.com.cn:443'],
  ])('of %j is %s, asked for through the proxy', async (options, host) => {
    await expect(sendThrough({ ...options, proxy: url })).resolves.toMatchObject({ status: 'retry' });
    expect(hosts).toEqual([host]);
  });

  test("is asked for through the environment's proxy where none is configured", async () => {
    await sendThrough({ region: 'eu-west-1' }, { ...awsTestEnvironment, HTTPS_PROXY: url });
    expect(hosts).toEqual(['logs.eu-west-1.amazonaws.com:443']);
  });

  test("of an assumed role's STS is asked for through the proxy too", async () => {
    const assumeRole = { arn: 'arn:aws:iam::210987654321:role/logs' };
    await expect(sendThrough({ region: 'eu-west-1', proxy: url, assume_role: assumeRole })).resolves.toMatchObject({
      status: 'retry',
      scope: 'destination',
    });
    expect(hosts).toEqual(['sts.eu-west-1.amazonaws.com:443']);
  });
});
