import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AdapterContext } from '#sdk';
import { DeadlineClock, Harness } from '../../test/fakes/cloudwatch/harness.ts';
import { isolateAws } from '../../test/fakes/cloudwatch/isolate-aws.ts';

const noKeys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
let restoreAws: () => void = () => undefined;
let harness: Harness;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-cloudwatch-'));
});
afterEach(async () => {
  await harness.close();
  restoreAws();
  await rm(folder, { recursive: true });
});

const start = async (
  environment: Readonly<Record<string, string>>,
  options: object = {},
  context: Partial<AdapterContext> = {},
): Promise<void> => {
  restoreAws = isolateAws(environment);
  harness = await Harness.start({ ...options }, { context });
  harness.fake.addGroup('billing', 'billing-1');
};

const writeKeys = async (accessKey: string, profile = 'default'): Promise<string> => {
  const file = join(folder, 'credentials');
  await writeFile(file, `[${profile}]\naws_access_key_id = ${accessKey}\naws_secret_access_key = not-a-secret\n`);
  return file;
};

const grant = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/xml' }).end(
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken>
      <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );

describe('credentials', () => {
  test('none at all are a reason to wait, and are found once they are there', async () => {
    await start({ ...noKeys, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') });
    await expect(harness.send(['one'])).resolves.toEqual({
      status: 'denied',
      scope: 'destination',
      reason: expect.stringMatching(/^no AWS credentials found: /),
    });
    await writeKeys('AKIALATE');
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    expect([...harness.fake.accessKeys]).toEqual(['AKIALATE']);
  });

  test('that expired are read again, and the batch arrives in the same send', async () => {
    await start({ ...noKeys, AWS_SHARED_CREDENTIALS_FILE: await writeKeys('AKIAOLD') });
    await harness.send(['one']);
    harness.fake.expiredKeys.add('AKIAOLD');
    await writeKeys('AKIANEW');
    await expect(harness.send(['two'])).resolves.toEqual({ status: 'delivered' });
    expect(harness.messages).toEqual(['one', 'two']);
    expect([...harness.fake.accessKeys]).toEqual(['AKIAOLD', 'AKIANEW']);
  });

  test('that expired and were not renewed are a reason to wait', async () => {
    await start({});
    harness.fake.expiredKeys.add('AKIDEXAMPLE');
    await expect(harness.send(['one'])).resolves.toEqual({
      status: 'denied',
      scope: 'destination',
      reason: 'ExpiredTokenException: The security token included in the request is expired',
    });
    harness.fake.expiredKeys.clear();
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
  });

  test('are those of the profile', async () => {
    const file = await writeKeys('AKIAPROFILE', 'logs');
    await start({ ...noKeys, AWS_SHARED_CREDENTIALS_FILE: file }, { profile: 'logs' });
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    expect([...harness.fake.accessKeys]).toEqual(['AKIAPROFILE']);
  });
});

describe('a clock that is off', () => {
  test("is corrected from the service's own answer", async () => {
    restoreAws = isolateAws();
    harness = await Harness.start({}, { now: () => Date.now() + 1_200_000 });
    harness.fake.addGroup('billing', 'billing-1');
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    expect(harness.fake.calls.get('PutLogEvents')).toBe(2);
    await harness.send(['two']);
    expect(harness.fake.calls.get('PutLogEvents')).toBe(3);
  });
});

describe('an assumed role', () => {
  const arn = 'arn:aws:iam::210987654321:role/logs';
  let sts: Server;
  let asked: URLSearchParams[];
  let clock: DeadlineClock;
  let answer: (response: ServerResponse) => void;

  const refuse = (response: ServerResponse) =>
    response.writeHead(403, { 'content-type': 'text/xml' }).end(
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code>
        <Message>User: x is not authorized to perform: sts:AssumeRole on resource: ${arn}</Message></Error></ErrorResponse>`,
    );

  beforeEach(async () => {
    asked = [];
    answer = grant;
    clock = new DeadlineClock();
    sts = createServer((request, response) => {
      void text(request).then((body) => {
        asked.push(new URLSearchParams(body));
        answer(response);
      });
    }).listen(0, '127.0.0.1');
    await once(sts, 'listening');
    const address = sts.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await start(
      { AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${port}` },
      { assume_role: { arn, external_id: 'sluice' } },
      { clock },
    );
  });
  afterEach(() => {
    sts.close();
    sts.closeAllConnections();
  });

  test('signs what is sent, and is asked for once', async () => {
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    await harness.send(['two']);
    expect([...harness.fake.accessKeys]).toEqual(['ASIAROLE']);
    expect(asked.map((body) => Object.fromEntries(body))).toEqual([
      expect.objectContaining({ RoleArn: arn, ExternalId: 'sluice', RoleSessionName: 'sluice' }),
    ]);
  });

  test('that is refused concerns the whole destination', async () => {
    answer = refuse;
    await expect(harness.send(['one'])).resolves.toEqual({
      status: 'denied',
      scope: 'destination',
      reason: expect.stringContaining(`sts:AssumeRole on resource: ${arn}`),
    });
  });

  test('that gets no answer is waited for no longer than a request may take', async () => {
    answer = () => clock.expire();
    await expect(harness.send(['one'])).resolves.toEqual({
      status: 'retry',
      scope: 'destination',
      reason: 'no answer within 30000 ms',
    });
  });
});
