import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { passingFaults, type Fault } from '../../test/fakes/cloudwatch/faults.ts';
import { batchOf, contextOf, DeadlineClock, Harness } from '../../test/fakes/cloudwatch/harness.ts';
import { isolateAws } from '../../test/fakes/cloudwatch/isolate-aws.ts';
import { cloudwatchOptions } from './options.ts';
import { createSender } from './sender.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../test/fixtures/tls/${name}`, import.meta.url));
const never = new AbortController().signal;
let restoreAws: () => void;

beforeAll(() => {
  restoreAws = isolateAws();
});
afterAll(() => restoreAws());

const accept = (response: ServerResponse): void => {
  response.setHeader('x-amzn-requestid', 'request-1').end('{}');
};

describe('failures of the service', () => {
  let harness: Harness;
  let clock: DeadlineClock;

  beforeEach(async () => {
    clock = new DeadlineClock();
    harness = await Harness.start({}, { context: { clock } });
    harness.fake.addGroup('billing', 'billing-1');
  });
  afterEach(() => harness.close());

  const cases: readonly (readonly [Fault, object])[] = [
    ['throttling', { status: 'retry', scope: 'destination', reason: 'ThrottlingException: Rate exceeded' }],
    ['unavailable', { status: 'retry', scope: 'destination', retryAfterMs: 7000 }],
    ['internal failure', { status: 'retry', scope: 'destination', reason: expect.stringContaining('HTTP 500') }],
    ['operation aborted', { status: 'retry', scope: 'batch' }],
    ['invalid parameter', { status: 'rejected' }],
    ['html instead of json', { status: 'retry', scope: 'destination', reason: expect.stringContaining('not JSON') }],
    ['bad gateway', { status: 'retry', scope: 'destination', reason: expect.stringContaining('502') }],
    ['reset', { status: 'retry', scope: 'destination' }],
    ['access denied', { status: 'denied', scope: 'batch', reason: expect.stringContaining('log-group:billing') }],
    [
      { rejectedRanges: { tooOldLogEventEndIndex: 1 } },
      { status: 'partial', rejected: [{ index: 0, as: 'too old', reason: expect.anything() }], retry: [] },
    ],
  ];

  test.each(cases)('%j is classified, and what comes after it arrives', async (fault, expected) => {
    harness.fake.failNext(fault);
    await expect(harness.send(['one'])).resolves.toEqual(expect.objectContaining(expected));
    expect(harness.fake.calls.get('PutLogEvents')).toBe(1);
    await expect(harness.send(['two'])).resolves.toEqual({ status: 'delivered' });
    expect(harness.messages).toEqual(['two']);
  });

  test.each(['hang', 'slow body', 'accept then hang'] as const)(
    'after "%s" the deadline ends the call, and the batch is to be sent again',
    async (fault) => {
      harness.fake.failNext(fault);
      const sending = harness.send(['one']);
      await harness.called('PutLogEvents', 1);
      clock.expire();
      const reason = 'no answer within 30000 ms';
      await expect(sending).resolves.toEqual({ status: 'retry', scope: 'destination', reason });
      await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
      expect(harness.messages).toEqual(fault === 'accept then hang' ? ['one', 'one'] : ['one']);
    },
  );

  test('a batch that was accepted without an answer is sent again, and then is there twice', async () => {
    harness.fake.failNext('accept then reset');
    await expect(harness.send(['one'])).resolves.toMatchObject({ status: 'retry', scope: 'destination' });
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
    expect(harness.messages).toEqual(['one', 'one']);
  });

  test('one denied group of many leaves the others alone', async () => {
    harness.fake.addGroup('audit', 'billing-1');
    harness.fake.denied.add('audit');
    await expect(harness.send(['secret'], { service: 'audit' })).resolves.toMatchObject({
      status: 'denied',
      scope: 'batch',
    });
    await expect(harness.send(['one'])).resolves.toEqual({ status: 'delivered' });
  });

  test('a fault at every call of a burst ends with every batch classified, none lost and none thrown', async () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const faults = passingFaults.filter((fault) => !/hang|slow/.test(fault));
    harness.fake.chaos = { random, rate: 0.5, faults };
    const unsent = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    while (unsent.length > 0) {
      const results = await Promise.all(unsent.map((line) => harness.send([line])));
      const open = unsent.filter((_, index) => results[index]?.status !== 'delivered');
      for (const { status } of results) expect(['delivered', 'retry', 'denied']).toContain(status);
      unsent.splice(0, unsent.length, ...open);
    }
    expect(new Set(harness.messages).size).toBe(30);
  });
});

describe('endpoints that are something else', () => {
  const closers: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  const sendTo = (endpoint: string, more: object = {}) => {
    const options = cloudwatchOptions.parse({ endpoint, region: 'us-east-1', ...more });
    const sender = createSender(options, contextOf());
    closers.push(() => sender.close());
    return sender.send(batchOf(sender, ['one']), never);
  };

  const portOf = async (server: Server): Promise<number> => {
    closers.push(() => {
      server.close();
      server.closeAllConnections();
    });
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };

  const serve = (listener: RequestListener): Promise<number> => portOf(createServer(listener).listen(0, '127.0.0.1'));

  test('a refused connection is a reason to wait', async () => {
    const port = await serve(() => undefined);
    await closers.pop()?.();
    await expect(sendTo(`http://127.0.0.1:${port}`)).resolves.toMatchObject({
      status: 'retry',
      scope: 'destination',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('an endpoint that does not speak TLS is a reason to wait', async () => {
    const port = await serve(() => undefined);
    await expect(sendTo(`https://127.0.0.1:${port}`)).resolves.toMatchObject({ status: 'retry', scope: 'destination' });
  });

  test('a certificate of an unknown authority is a reason to wait, and good once its authority is trusted', async () => {
    const certificate = { cert: readFileSync(fixture('localhost.crt')), key: readFileSync(fixture('localhost.key')) };
    const server = createTlsServer(certificate, (_, response) => accept(response)).listen(0, '127.0.0.1');
    const port = await portOf(server);
    await expect(sendTo(`https://localhost:${port}`)).resolves.toMatchObject({
      status: 'retry',
      scope: 'destination',
      reason: expect.stringContaining('self-signed certificate'),
    });
    await expect(sendTo(`https://localhost:${port}`, { tls: { ca_file: fixture('localhost.crt') } })).resolves.toEqual({
      status: 'delivered',
    });
  });

  test('a certificate file that is missing is said', async () => {
    await expect(sendTo('https://127.0.0.1:1', { tls: { ca_file: '/nonexistent/ca.pem' } })).resolves.toMatchObject({
      status: 'denied',
      scope: 'destination',
      reason: expect.stringContaining('/nonexistent/ca.pem'),
    });
  });

  const proxyAnswers = [
    [301, { status: 'retry', scope: 'destination' }],
    [400, { status: 'retry', scope: 'batch' }],
    [403, { status: 'denied', scope: 'destination' }],
    [404, { status: 'retry', scope: 'batch' }],
    [407, { status: 'denied', scope: 'destination' }],
    [408, { status: 'retry', scope: 'destination' }],
    [413, { status: 'split' }],
    [429, { status: 'retry', scope: 'destination', retryAfterMs: 3000 }],
    [504, { status: 'retry', scope: 'destination', retryAfterMs: 3000 }],
  ] as const;

  test.each(proxyAnswers)('HTTP %i in HTML from something in between never drops a line', async (status, expected) => {
    const port = await serve((_, response) => {
      response.writeHead(status, { 'content-type': 'text/html', 'retry-after': '3' }).end('<html>no</html>');
    });
    const result = await sendTo(`http://127.0.0.1:${port}`);
    expect(result).toMatchObject(expected);
    expect(result).toHaveProperty('reason', expect.stringContaining(`${status}`));
  });

  test.each(['{"__type":"InvalidParameterException"}', '{"__type":"SomethingNew","message":"?"}', '[]', 'null', ''])(
    'HTTP 400 with the body %j is classified',
    async (body) => {
      const port = await serve((_, response) => {
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
      });
      const expected = body.includes('Invalid') ? { status: 'rejected' } : { status: 'retry', scope: 'batch' };
      await expect(sendTo(`http://127.0.0.1:${port}`)).resolves.toMatchObject(expected);
    },
  );

  test.each([
    '[]',
    'null',
    '{"rejectedLogEventsInfo":"?"}',
    '{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":"x"}}',
    '{',
  ])('HTTP 200 with the body %j does not make the adapter throw', async (body) => {
    const port = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
    });
    const { status } = await sendTo(`http://127.0.0.1:${port}`);
    expect(['retry', 'delivered']).toContain(status);
  });
});
