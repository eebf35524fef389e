import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock, type Clock } from '../clock.ts';
import { discoverCloudIdentity, type DiscoveryOptions } from './discover.ts';
import { readEcsAgent } from './ecs-agent.ts';
import { readInstanceMetadata } from './instance-metadata.ts';

const servers: Server[] = [];
let dmiDirectory = '';

beforeEach(() => {
  dmiDirectory = mkdtempSync(join(tmpdir(), 'dmi-'));
});

afterEach(() => {
  rmSync(dmiDirectory, { recursive: true });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const listen = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const document = {
  instanceId: 'i-0123456789abcdef0',
  region: 'eu-central-1',
  accountId: '012345678910',
  kernelId: null,
};

/** As IMDSv2 answers: only to a token that a PUT with a lifetime obtained. */
const metadataService =
  (requests: string[], answer: string): RequestListener =>
  ({ method, url, headers }, response) => {
    requests.push(`${method} ${url}`);
    if (method === 'PUT' && url === '/latest/api/token' && headers['x-aws-ec2-metadata-token-ttl-seconds']) {
      response.end('secret-token');
    } else if (headers['x-aws-ec2-metadata-token'] === 'secret-token') {
      response.end(answer);
    } else {
      response.writeHead(401).end();
    }
  };

const answering =
  (status: number, body: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status).end(body);
  };

const { signal } = new AbortController();

const optionsWith = (more: {
  clock?: Clock;
  enabled?: boolean;
  metadataEndpoint: string;
  ecsEndpoint: string;
  signal?: AbortSignal;
}): DiscoveryOptions & { failures: string[] } => {
  const failures: string[] = [];
  const { metadataEndpoint, ecsEndpoint } = more;
  return {
    failures,
    enabled: more.enabled ?? true,
    clock: more.clock ?? { ...systemClock, sleep: async () => undefined },
    signal: more.signal ?? signal,
    places: { dmiDirectory, ecsDirectory: join(dmiDirectory, 'ecs'), metadataEndpoint, ecsEndpoint },
    onFailure: (message) => failures.push(message),
  };
};

const onAmazon = (): void => {
  writeFileSync(join(dmiDirectory, 'sys_vendor'), 'Amazon EC2\n');
};

describe('the identity that the cloud gives', () => {
  test('comes from the metadata service and the ECS agent, after the start', async () => {
    onAmazon();
    const requests: string[] = [];
    const options = optionsWith({
      metadataEndpoint: await listen(metadataService(requests, JSON.stringify(document))),
      ecsEndpoint: await listen(answering(200, '{"Cluster":"prod","ContainerInstanceArn":"arn:..."}')),
    });
    const discovery = discoverCloudIdentity(options);
    expect(discovery.current()).toEqual({});
    await discovery.done;
    expect(discovery.current()).toEqual({
      instance: 'i-0123456789abcdef0',
      region: 'eu-central-1',
      account: '012345678910',
      cluster: 'prod',
    });
    expect(discovery.current()).toBe(discovery.current());
    expect(requests).toEqual(['PUT /latest/api/token', 'GET /latest/dynamic/instance-identity/document']);
  });

  test('is asked for nowhere when it is disabled, and not outside Amazon', async () => {
    const requests: string[] = [];
    const endpoint = await listen(metadataService(requests, ''));
    const places = { metadataEndpoint: endpoint, ecsEndpoint: endpoint };
    writeFileSync(join(dmiDirectory, 'sys_vendor'), 'QEMU\n');
    await discoverCloudIdentity(optionsWith(places)).done;
    onAmazon();
    await discoverCloudIdentity(optionsWith({ ...places, enabled: false })).done;
    expect(requests).toEqual([]);
  });

  test('is the cluster alone on a host outside Amazon with an ECS agent', async () => {
    writeFileSync(join(dmiDirectory, 'ecs'), '');
    const ecsEndpoint = await listen(answering(200, '{"Cluster":"arn:aws:ecs:eu-west-1:012345678910:cluster/far"}'));
    const discovery = discoverCloudIdentity(optionsWith({ metadataEndpoint: 'http://127.0.0.1:9', ecsEndpoint }));
    await discovery.done;
    expect(discovery.current()).toEqual({ cluster: 'far' });
  });

  test('is asked for again where a service starts later', async () => {
    onAmazon();
    let calls = 0;
    const ecsEndpoint = await listen((_request, response) => {
      calls += 1;
      response.writeHead(calls < 3 ? 500 : 200).end('{"Cluster":"late"}');
    });
    const metadataEndpoint = await listen(metadataService([], JSON.stringify(document)));
    const discovery = discoverCloudIdentity(optionsWith({ metadataEndpoint, ecsEndpoint }));
    await discovery.done;
    expect(discovery.current()).toMatchObject({ cluster: 'late' });
  });

  test('is given up with a word where the service refuses, in silence where nobody need answer', async () => {
    onAmazon();
    const metadataEndpoint = await listen(answering(404, 'no'));
    const options = optionsWith({ metadataEndpoint, ecsEndpoint: await listen(answering(200, '<html>')) });
    const discovery = discoverCloudIdentity(options);
    await discovery.done;
    expect(discovery.current()).toEqual({});
    expect(options.failures).toEqual([
      `${metadataEndpoint} does not say where this host runs, so that events go without it: ` +
        `${metadataEndpoint}/latest/api/token answered with status 404`,
    ]);
  });

  test('is no longer waited for when the agent stops', async () => {
    onAmazon();
    const stop = new AbortController();
    const endpoint = await listen(() => stop.abort());
    const options = optionsWith({
      metadataEndpoint: endpoint,
      ecsEndpoint: endpoint,
      clock: systemClock,
      signal: stop.signal,
    });
    await discoverCloudIdentity(options).done;
    expect(options.failures).toEqual([]);
  });
});

describe('an answer that is none', () => {
  test.each([
    ['garbage', '{', 'JSON'],
    ['of another shape', '{"instanceId":7}', 'accountId'],
    ['with a forged region', JSON.stringify({ ...document, region: '../../evil' }), 'region'],
    ['too long', JSON.stringify({ ...document, more: 'x'.repeat(70_000) }), 'more than 65536 bytes'],
  ])('%s is refused', async (_what, answer, message) => {
    const endpoint = await listen(metadataService([], answer));
    await expect(readInstanceMetadata(endpoint, 1000, signal)).rejects.toThrow(message);
  });

  test('that never comes is not waited for', async () => {
    const endpoint = await listen(() => undefined);
    await expect(readEcsAgent(endpoint, 20, signal)).rejects.toThrow('aborted');
  });

  test('that stops half-way is not waited for', async () => {
    const endpoint = await listen((_request, response) => {
      response.write('{"Cluster":');
    });
    await expect(readEcsAgent(endpoint, 20, signal)).rejects.toThrow('aborted');
  });
});
