import { expect, test } from '@jest/globals';
import { createMemoryLogger } from '../../test/support/memory-logger.ts';
import { QueueAlarm } from './queue-alarm.ts';
import type { QueueStatus } from './status.ts';

test('a queue of less than an hour is said, and again after it was clearly longer', () => {
  const { logger, lines } = createMemoryLogger();
  const alarm = new QueueAlarm(logger);
  const see = (capacitySeconds: QueueStatus['capacitySeconds']): number => {
    alarm.observe({ capacitySeconds, usedBytes: 1, maxBytes: 2, persistent: true });
    return lines.length;
  };
  alarm.observe(undefined);
  expect(see(undefined)).toBe(0);
  expect(see('unlimited')).toBe(0);
  expect(see(660)).toBe(1);
  expect(lines[0]).toMatchObject({ level: 'warn', fields: { capacitySeconds: 660, maxBytes: 2 } });
  expect(lines[0]?.message).toContain('11 min at present rates');
  expect(lines[0]?.message).toContain('SystemMaxUse=');
  expect([see(600), see(3700), see(3500), see(undefined), see(3500)]).toEqual([1, 1, 1, 1, 1]);
  expect([see(4600), see(3500)]).toEqual([1, 2]);
});
