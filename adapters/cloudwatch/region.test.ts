import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contextOf, DeadlineClock } from '../../test/fakes/cloudwatch/harness.ts';
import { isolateAws } from '../../test/fakes/cloudwatch/isolate-aws.ts';
import type { Clock } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { cloudwatchOptions } from './options.ts';
import { resolveRegion } from './region.ts';

const never = new AbortController().signal;
let restoreAws: () => void;
let folder: string;
let metadata: Server | undefined;

beforeEach(async () => {
  restoreAws = isolateAws();
  folder = await mkdtemp(join(tmpdir(), 'sluice-cloudwatch-'));
});
afterEach(async () => {
  restoreAws();
  metadata?.close();
  metadata?.closeAllConnections();
  metadata = undefined;
  await rm(folder, { recursive: true });
});

const noMetadata = { AWS_EC2_METADATA_DISABLED: 'true' };
const regionOf = (environment: Readonly<Record<string, string>>, options: object = {}, clock: Clock = systemClock) =>
  resolveRegion(cloudwatchOptions.parse(options), contextOf({ environment, clock }), never);

const serveMetadata = async (listener: RequestListener): Promise<Readonly<Record<string, string>>> => {
  metadata = createServer(listener).listen(0, '127.0.0.1');
  await once(metadata, 'listening');
  const address = metadata.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}` };
};

describe('the region', () => {
  test("is the option's, then AWS_REGION, then AWS_DEFAULT_REGION", async () => {
    const both = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' };
    await expect(regionOf(both, { region: 'eu-west-3' })).resolves.toBe('eu-west-3');
    await expect(regionOf(both)).resolves.toBe('eu-west-1');
    await expect(regionOf({ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-2' })).resolves.toBe('eu-west-2');
  });

  test("is the profile's where nothing else says", async () => {
    process.env['AWS_CONFIG_FILE'] = join(folder, 'config');
    await writeFile(join(folder, 'config'), '[profile logs]\nregion = ap-south-1\n');
    await expect(regionOf(noMetadata, { profile: 'logs' })).resolves.toBe('ap-south-1');
  });

  test("is the instance's, asked for with a token", async () => {
    const environment = await serveMetadata((request, response) => {
      if (request.method === 'PUT' && request.url === '/latest/api/token') response.end('token-1');
      else if (request.headers['x-aws-ec2-metadata-token'] !== 'token-1') response.writeHead(401).end();
      else response.end('us-west-2\n');
    });
    await expect(regionOf(environment)).resolves.toBe('us-west-2');
  });

  test.each([
    ['answers with an error', (_request, response) => response.writeHead(500).end(), false],
    ['does not answer', () => undefined, true],
  ] as readonly (readonly [string, RequestListener, boolean])[])(
    'is missing with its remedy where the metadata service %s',
    async (_name, listener, isSilent) => {
      const clock = new DeadlineClock();
      const region = regionOf(await serveMetadata(listener), {}, clock);
      await expect(isSilent ? clock.expireUntil(region, 1000) : region).rejects.toThrow(
        'no AWS region found: set the option "region" or AWS_REGION',
      );
    },
  );

  test('is not asked of the metadata service where that is disabled', async () => {
    const environment = await serveMetadata((_request, response) => response.end('us-west-2'));
    await expect(regionOf({ ...environment, ...noMetadata })).rejects.toThrow('no AWS region found');
  });
});
