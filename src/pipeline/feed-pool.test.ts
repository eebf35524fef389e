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
import { delivered } from '../sdk/send-result.ts';
import type { StartPoint } from '../sdk/source.ts';
import { Feed } from './feed.ts';
import { FeedPool } from './feed-pool.ts';

const trackOf = (name: string, resume: StartPoint, clock: VirtualClock): Track =>
  new Lane({
    name,
    sender: {
      batchKey: () => '',
      encode: () => 'x',
      send: () => Promise.resolve(delivered),
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

test('a closed pool begins no reading for a track that finds room while it drains', async () => {
  const clock = new VirtualClock();
  const source = new NumberedSource();
  source.append({ MESSAGE: 'line' });
  const pool: FeedPool = new FeedPool({
    createFeed: (id, start) =>
      new Feed(id, {
        source,
        assembler: memoryAssembler(),
        start,
        maxBytes: 100_000,
        clock,
        mayBeJoined: () => false,
        onProgress: (feed) => pool.onProgress(feed),
        onLost: () => undefined,
        onRead: () => undefined,
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
  const first = trackOf('first', { kind: 'beginning' }, clock);
  const second = trackOf('second', { kind: 'since', timeUs: 1 }, clock);
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
