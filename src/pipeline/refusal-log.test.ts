import { expect, test } from '@jest/globals';
import { entryOf } from '../../test/support/lane-entries.ts';
import { createMemoryLogger } from '../../test/support/memory-logger.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createRefusalLog } from './refusal-log.ts';

test('a flood of refusals is said at once and then every ten seconds, with its number', async () => {
  const clock = new VirtualClock();
  const { logger, lines } = createMemoryLogger();
  const say = createRefusalLog(logger, clock);
  for (let sequence = 0; sequence < 1000; sequence += 1) say([entryOf(sequence)], 'rejected', 'bad field', 1);
  const slept = clock.sleep(10_000, new AbortController().signal);
  await clock.runUntil(() => clock.now() >= 1_795_326_010_000);
  await slept;
  say([entryOf(1000)], 'rejected', 'bad field', 1);
  expect(lines).toEqual([
    { level: 'warn', fields: { events: 1, outcome: 'rejected', lastId: 'id-0' }, message: 'refused: bad field' },
    { level: 'warn', fields: { events: 1000, outcome: 'rejected', lastId: 'id-1000' }, message: 'refused: bad field' },
  ]);
});
