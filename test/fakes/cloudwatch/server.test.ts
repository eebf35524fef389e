import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  type InputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeCloudwatch } from './server.ts';

const now = Date.parse('2026-11-22T05:40:00Z');
const dayMs = 86_400_000;
let fake: FakeCloudwatch;
let client: CloudWatchLogsClient;

beforeEach(async () => {
  fake = await FakeCloudwatch.start({ now: () => now });
  fake.addGroup('billing', 'billing-1');
  client = new CloudWatchLogsClient({
    endpoint: fake.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' },
    systemClockOffset: now - Date.now(),
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await fake.close();
});

const put = (logEvents: InputLogEvent[], logGroupName = 'billing', logStreamName = 'billing-1') =>
  client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
const at = (timestamp: number, message = 'x'): InputLogEvent => ({ timestamp, message });

/** The name and text of the error that a call ends with. */
const refusal = async (call: Promise<unknown>): Promise<string> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? `${error.name}: ${error.message}` : 'no error';
};

describe('the fake CloudWatch Logs', () => {
  test('keeps what it accepts, in order', async () => {
    await put([at(now, 'a'), at(now, 'b')]);
    expect(fake.received).toEqual([
      { group: 'billing', stream: 'billing-1', timestamp: now, message: 'a', acceptedAt: 0 },
      { group: 'billing', stream: 'billing-1', timestamp: now, message: 'b', acceptedAt: 1 },
    ]);
  });

  test('takes a batch of exactly the limits', async () => {
    await put([at(now, '\u00e9'.repeat(524_275))]);
    await put(Array.from({ length: 10_000 }, () => at(now)));
    await put([at(now - dayMs), at(now)]);
    expect(fake.received).toHaveLength(10_003);
  });

  const refused: readonly (readonly [string, readonly InputLogEvent[], string])[] = [
    ['no events', [], "at 'logEvents' failed"],
    ['10,001 events', Array.from({ length: 10_001 }, () => at(now)), 'less than or equal to 10000'],
    ['an event of one byte too many', [at(now, 'x'.repeat(1_048_551))], 'Log event too large: 1048577 bytes'],
    [
      'a batch of one byte too many',
      [at(now, 'x'.repeat(524_262)), at(now, 'x'.repeat(524_263))],
      'Upload too large: 1048577',
    ],
    ['an empty message', [at(now, '')], 'greater than or equal to 1'],
    ['descending times', [at(now), at(now - 1)], 'must be in chronological order'],
    ['more than a day', [at(now - dayMs - 1), at(now)], 'cannot span more than 24 hours'],
    ['a time before 1970', [at(-1)], "at 'logEvents.1.member.timestamp'"],
  ];

  test.each(refused)('refuses %s as a whole', async (_name, events, text) => {
    const error = await refusal(put([...events]));
    expect(error).toMatch(/^InvalidParameterException: /);
    expect(error).toContain(text);
    expect(fake.received).toEqual([]);
  });

  test('takes the valid events of a batch and tells the ranges of the others', async () => {
    const { rejectedLogEventsInfo } = await put([at(now - 15 * dayMs), at(now), at(now + 7_200_001)]);
    expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    expect(fake.received.map(({ timestamp }) => timestamp)).toEqual([now]);
  });

  test("tells events that a group's retention has outrun", async () => {
    await client.send(new PutRetentionPolicyCommand({ logGroupName: 'billing', retentionInDays: 1 }));
    const { rejectedLogEventsInfo } = await put([at(now - dayMs - 1), at(now - 1)]);
    expect(rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    expect(fake.received).toHaveLength(1);
  });

  test('knows only what was created', async () => {
    expect(await refusal(put([at(now)], 'audit'))).toBe(
      'ResourceNotFoundException: The specified log group does not exist.',
    );
    expect(await refusal(put([at(now)], 'billing', 'b'))).toContain('The specified log stream does not exist.');
    expect(await refusal(client.send(new CreateLogGroupCommand({ logGroupName: 'billing' })))).toContain(
      'ResourceAlreadyExistsException',
    );
    expect(
      await refusal(client.send(new CreateLogStreamCommand({ logGroupName: 'audit', logStreamName: 'a' }))),
    ).toContain('ResourceNotFoundException');
  });

  test.each(['a b', 'a:b', '', 'x'.repeat(513), 'aws/x'])('creates no group named %j', async (logGroupName) => {
    expect(await refusal(client.send(new CreateLogGroupCommand({ logGroupName })))).not.toBe('no error');
  });

  test.each(['a:b', 'a*', '', 'x'.repeat(513)])('creates no stream named %j', async (logStreamName) => {
    const command = new CreateLogStreamCommand({ logGroupName: 'billing', logStreamName });
    expect(await refusal(client.send(command))).not.toBe('no error');
  });

  test('sets no retention that the service does not know', async () => {
    const command = new PutRetentionPolicyCommand({ logGroupName: 'billing', retentionInDays: 2 });
    expect(await refusal(client.send(command))).toContain('InvalidParameterException');
  });

  test('throttles more than 50 new streams in a second', async () => {
    const creations = Array.from({ length: 60 }, (_, index) =>
      refusal(client.send(new CreateLogStreamCommand({ logGroupName: 'billing', logStreamName: `s${index}` }))),
    );
    expect((await Promise.all(creations)).filter((error) => error.startsWith('ThrottlingException'))).not.toEqual([]);
  });

  test('refuses a call that is not signed, or signed with a date far off', async () => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.PutLogEvents' };
    const response = await fetch(fake.url, { method: 'POST', body: '{}', headers });
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    client.config.systemClockOffset = now - Date.now() - 600_000;
    expect(await refusal(put([at(now)]))).toMatch(/^InvalidSignatureException: Signature expired/);
  });

  test('fails as planned, then as it should', async () => {
    fake.failNext('throttling', 2);
    fake.failNext('expired token');
    expect(await refusal(put([at(now)]))).toBe('ThrottlingException: Rate exceeded');
    expect(await refusal(put([at(now)]))).toContain('ThrottlingException');
    expect(await refusal(put([at(now)]))).toContain('ExpiredTokenException');
    expect(await refusal(put([at(now)]))).toBe('no error');
    expect(fake.calls.get('PutLogEvents')).toBe(4);
  });

  test('chaos follows its random numbers alone', async () => {
    const numbers = [0.9, 0.1, 0, 0.1, 0.99];
    fake.chaos = { random: () => numbers.shift() ?? 1, rate: 0.5, faults: ['throttling', 'invalid parameter'] };
    expect(await refusal(put([at(now)]))).toBe('no error');
    expect(await refusal(put([at(now)]))).toContain('ThrottlingException');
    expect(await refusal(put([at(now)]))).toContain('InvalidParameterException');
  });

  test('may be closed twice', async () => {
    await fake.close();
    await expect(fake.close()).resolves.toBeUndefined();
  });
});
