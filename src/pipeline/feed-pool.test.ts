import { expect, test } from '@jest/globals';
import { memoryAssembler } from '../../test/support/memory-agent.ts';
import { NumberedSource } from '../../test/support/numbered-source.ts';
import { roomyLimits } from '../../test/support/lane-entries.ts';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { Lane } from '../delivery/lane.ts';
import { RecordSet } from '../delivery/record-set.ts';
import type { Track } from '../delivery/track.ts';
import { Account } from '../ledger/account.ts';
import { delivered, type SendResult } from '../sdk/send-result.ts';
import type { StartPoint } from '../sdk/source.ts';
import { Feed } from './feed.ts';
import { FeedPool } from './feed-pool.ts';

const beginning: StartPoint = { kind: 'beginning' };
const never = new Promise<SendResult>(() => undefined);

interface Circumstances {
  readonly clock: VirtualClock;
  readonly source: NumberedSource;
}

/** What a destination answers that takes what it is sent, or one that says nothing. */
type Answer = () => Promise<SendResult>;
const takes: Answer = () => Promise.resolve(delivered);
const isSilent: Answer = () => never;

const trackOf = (name: string, resume: StartPoint, { clock }: Circumstances, answer = takes): Track =>
  new Lane({
    name,
    sender: {
      batchKey: () => '',
      encode: () => 'x',
      send: answer,
      close: () => Promise.resolve(),
    },
    settings: {
      limits: roomyLimits,
      window: undefined,
      outsideWindow: 'restamp',
      maxAgeMs: 100,
      concurrency: 1,
      deadlineMs: 1000,
      maxHeldBytes: 100_000,
      maxBacklogMs: undefined,
      announces: true,
      keepsEvents: false,
    },
    account: new Account([]),
    clock,
    random: () => 0.5,
    logger: silentLogger,
    starts: new Map([['', { resume, settled: new RecordSet() }]]),
    parked: [],
    skips: [],
    host: 'host-1',
    onRoom: () => undefined,
    onTrackOpened: () => undefined,
    onTrackClosed: () => undefined,
    onRefused: () => undefined,
  }).main;

const poolOf = ({ clock, source }: Circumstances, onRead: (records: number) => void = () => undefined): FeedPool => {
  const pool: FeedPool = new FeedPool({
    createFeed: (id, start) =>
      new Feed(id, {
        source,
        assembler: memoryAssembler(),
        start,
        maxBytes: 100_000_000,
        clock,
        mayBeJoined: () => false,
        onProgress: (feed) => pool.onProgress(feed),
        onLost: () => undefined,
        onRead,
      }),
    shards: [''],
    maxFeeds: 1,
    clock,
    logger: silentLogger,
    onTick: () => undefined,
    onFailed: (error) => {
      throw error;
    },
  });
  return pool;
};

const circumstancesWith = (lines: number): Circumstances => {
  const source = new NumberedSource();
  for (let line = 0; line < lines; line += 1) source.append({ MESSAGE: 'line' });
  return { clock: new VirtualClock(), source };
};

test('a closed pool begins no reading for a track that finds room while it drains', async () => {
  const circumstances = circumstancesWith(1);
  const { clock, source } = circumstances;
  const pool = poolOf(circumstances);
  const first = trackOf('first', beginning, circumstances);
  const second = trackOf('second', { kind: 'since', timeUs: 1 }, circumstances);
  pool.start([first, second]);
  expect(pool.waiting).toEqual([second]);
  pool.close();
  await clock.runUntil(() => pool.feeds.length === 0);
  const { readers } = source;
  pool.onRoom(second);
  await clock.runUntil(() => pool.feeds.length === 0);
  expect(source.readers).toBe(readers);
  expect(pool.waiting).toEqual([second]);
});

test('no more is read ahead of the fastest track than it is about to take, whatever the memory', async () => {
  const circumstances = circumstancesWith(20_000);
  const { clock } = circumstances;
  let read = 0;
  const pool = poolOf(circumstances, (records) => (read += records));
  const track = trackOf('silent', beginning, circumstances, isSilent);
  pool.start([track]);
  await clock.runUntil(() => pool.feeds.some(({ isPaused }) => isPaused));
  const [taken = 0] = Array.from(track.shards.values(), ({ settlement }) => settlement.pending);
  expect(taken).toBeGreaterThan(0);
  expect(read).toBeLessThan(taken + 2000);
  pool.close();
});

test('a track that waits has its turn when none of those that read takes what was read', async () => {
  const circumstances = circumstancesWith(20_000);
  const { clock } = circumstances;
  const pool = poolOf(circumstances);
  const silent = trackOf('silent', beginning, circumstances, isSilent);
  const second = trackOf('second', { kind: 'since', timeUs: 1 }, circumstances);
  pool.start([silent, second]);
  expect(pool.waiting).toEqual([second]);
  await clock.runUntil(() => pool.feedOf(second) !== undefined);
  expect(pool.waiting).toEqual([silent]);
  pool.close();
});

test('a track that waits has its turn beside a destination that is slow and steady', async () => {
  const circumstances = circumstancesWith(60_000);
  const { clock } = circumstances;
  const pool = poolOf(circumstances);
  const slow: Answer = async () => {
    await clock.sleep(100, new AbortController().signal);
    return delivered;
  };
  const steady = trackOf('steady', beginning, circumstances, slow);
  const second = trackOf('second', { kind: 'since', timeUs: 1 }, circumstances);
  pool.start([steady, second]);
  await clock.runUntil(() => pool.feedOf(second) !== undefined);
  const [taken = 0] = Array.from(steady.shards.values(), ({ settlement }) => settlement.next);
  expect(taken).toBeLessThan(60_000);
  pool.close();
});
