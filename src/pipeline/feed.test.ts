import { expect, test } from '@jest/globals';
import { memoryAssembler } from '../../test/support/memory-agent.ts';
import { NumberedSource } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { ServiceLoss } from '../sdk/feed.ts';
import { Feed } from './feed.ts';

test('a feed says what the records that it reads tell to be lost', async () => {
  const clock = new VirtualClock();
  const source = new NumberedSource();
  source.append({ MESSAGE: 'before' });
  source.lose({ reason: 'journal gap', count: 3, owner: { kind: 'unknown' } });
  source.append({ MESSAGE: 'after' }, { MESSAGE: 'last' });
  const lost: ServiceLoss[] = [];
  let read = 0;
  const feed = new Feed(1, {
    source,
    assembler: memoryAssembler(),
    start: new Map([['', { kind: 'beginning' }]]),
    maxBytes: 100_000,
    clock,
    mayBeJoined: () => false,
    onProgress: () => undefined,
    onLost: (_, losses) => lost.push(...losses),
    onRead: (records) => {
      read += records;
    },
  });
  const running = feed.run();
  await clock.runUntil(() => read === 3);
  feed.close();
  await running;
  expect(lost).toEqual([{ reason: 'journal gap', count: 3, service: '(unknown)' }]);
});
