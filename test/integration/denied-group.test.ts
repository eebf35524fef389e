import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cloudwatch } from '../../adapters/cloudwatch/index.ts';
import { Lane } from '../../src/delivery/lane.ts';
import { RecordSet } from '../../src/delivery/record-set.ts';
import { keep } from '../../src/event/verdict.ts';
import { Account } from '../../src/ledger/account.ts';
import { unexplained } from '../../src/ledger/balance.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { awsTestEnvironment, isolateAws } from '../fakes/cloudwatch/isolate-aws.ts';
import { FakeCloudwatch } from '../fakes/cloudwatch/server.ts';
import { encodable, eventOf, positionOf } from '../support/events.ts';
import { silentLogger } from '../support/silent-logger.ts';

const groups = 200;
const linesPerGroup = 5;
const deniedGroup = 'service-77';

/** Resolves as soon as `isTrue`, looked at whenever the event loop comes round. */
const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await systemClock.sleep(5, new AbortController().signal);
};

describe('one group of 200 that is denied', () => {
  let restore: () => void;
  let fake: FakeCloudwatch;
  let lane: Lane;
  const account = new Account([]);

  beforeEach(async () => {
    restore = isolateAws();
    fake = await FakeCloudwatch.start();
    for (let group = 0; group < groups; group += 1) fake.addGroup(`service-${group}`, 'stream');
    fake.denied.add(deniedGroup);
    const options = cloudwatch.options.parse({ region: 'eu-west-1', endpoint: fake.url, create: 'nothing' });
    const module = await cloudwatch.load();
    const sender = module.createSender(options, {
      destination: 'cloudwatch',
      host: 'host-1',
      encoding: 'message',
      logger: silentLogger,
      clock: systemClock,
      environment: awsTestEnvironment,
    });
    lane = new Lane({
      name: 'cloudwatch',
      sender,
      settings: {
        limits: cloudwatch.limits(options),
        window: cloudwatch.window(options),
        outsideWindow: 'restamp',
        maxAgeMs: 50,
        concurrency: 8,
        deadlineMs: 60_000,
        maxHeldBytes: 64 * 1024 * 1024,

        maxBacklogMs: undefined,
        announces: true,
        keepsEvents: false,
      },
      account,
      clock: systemClock,
      random: () => 0,
      logger: silentLogger,
      starts: new Map([['', { resume: { kind: 'beginning' }, settled: new RecordSet() }]]),
      parked: [],
      skips: [],
      host: 'host-1',
      onRoom: () => undefined,
      onTrackOpened: () => undefined,
      onTrackClosed: () => undefined,
      onRefused: () => undefined,
    });
  });

  afterEach(async () => {
    await lane.close();
    await fake.close();
    restore();
  });

  test('delays nobody else, is named, and gets its lines in order once it is granted', async () => {
    for (let sequence = 0; sequence < groups * linesPerGroup; sequence += 1) {
      const service = `service-${sequence % groups}`;
      const event = eventOf({ service, stream: 'stream', timeUs: Date.now() * 1000 }, sequence);
      lane.main.take({
        kind: 'record',
        shard: '',
        position: positionOf(sequence),
        sequence,
        service,
        event: { ...encodable(event), verdict: keep },
        joined: [],
        bytes: 100,
      });
    }
    await until(() => lane.pendingRecords === linesPerGroup && lane.condition.state === 'denied');
    expect(fake.received).toHaveLength((groups - 1) * linesPerGroup);
    expect(lane.condition.reason).toContain(deniedGroup);

    fake.denied.delete(deniedGroup);
    await until(() => lane.pendingRecords === 0);
    const late = fake.received.filter(({ group }) => group === deniedGroup).map(({ message }) => message);
    expect(late).toEqual(Array.from({ length: linesPerGroup }, (_, index) => `line ${77 + index * groups}`));
    expect(unexplained(account.balance(0))).toBe(0);
  });
});
