import { expect, test } from '@jest/globals';
import { positionOf } from '../../test/support/events.ts';
import { createMemoryLogger } from '../../test/support/memory-logger.ts';
import { createLossLog } from './loss-log.ts';

test('a loss is said once, however many feeds read of it', () => {
  const { logger, lines } = createMemoryLogger();
  const say = createLossLog(logger);
  const gap = { reason: 'journal gap', count: 3, service: '(unknown)' } as const;
  const suppressed = { reason: 'suppressed by journald', count: 9, service: 'web' } as const;
  say(positionOf(1), [gap, suppressed]);
  say(positionOf(1), [gap, suppressed]);
  say(positionOf(2), [gap]);
  expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
    ['warn', gap],
    ['warn', suppressed],
    ['warn', gap],
  ]);
});
