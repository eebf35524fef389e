import { describe, expect, test } from '@jest/globals';
import type { ReplayPlan, ReplayProgress } from '../../pipeline/replay/replay-report.ts';
import { describePlan, describeProgress, describeResult } from './replay-page.ts';

const plan: ReplayPlan = {
  destination: 'loggly',
  sinceMs: new Date(2026, 10, 25, 13, 10).getTime(),
  untilMs: new Date(2026, 10, 25, 14, 30).getTime(),
  linesPerSecond: 1000,
  dryRun: false,
  notices: [],
};

const progressOf = (overrides: Partial<ReplayProgress> = {}): ReplayProgress => ({
  plan,
  startedMs: plan.untilMs,
  read: 12_345,
  delivered: 12_000,
  uncertain: 0,
  dropped: { sampled: 300 },
  pending: 45,
  passedOver: 1000,
  condition: { state: 'ok', reason: '' },
  parkedKeys: 0,
  share: 0.419,
  secondsLeft: 179.2,
  ...overrides,
});

describe('what sluice replay says', () => {
  test('tells beforehand what is meant, and what can not be had', () => {
    const told = describePlan({ ...plan, service: 'shop-*', notices: ['loggly is down (\u001b[31m)'] });
    expect(told).toEqual([
      'replay to loggly: the lines of shop-* received from 2026-11-25 13:10:00 to 2026-11-25 14:30:00, at most 1,000 a second',
      String.raw`note: loggly is down (\u001b[31m)`,
    ]);
  });

  test.each([
    [{}, '41 %, read 12,345, sent 12,000, sampled 300, 3 min left'],
    [
      { condition: { state: 'denied', reason: 'no key' } } as const,
      '41 %, read 12,345, sent 12,000, sampled 300, denied: no key',
    ],
    [{ parkedKeys: 2 }, '41 %, read 12,345, sent 12,000, sampled 300, 2 batch keys are set aside'],
    [
      { secondsLeft: undefined, uncertain: 7 },
      '41 %, read 12,345, sent 12,000, uncertain 7, sampled 300, time left not known yet',
    ],
  ])('tells on the way how far it is: %j', (overrides, expected) => {
    expect(describeProgress(progressOf(overrides))).toBe(expected);
  });

  test('accounts for each line in the end', () => {
    const progress = progressOf({ delivered: 12_045, pending: 0, share: 1 });
    expect(describeResult({ progress, outcome: 'complete', reason: '', seconds: 130 })).toEqual([
      'read 12,345 = delivered 12,045 + dropped 300 (sampled 300) + uncertain 0',
      'replay complete, 2 min; 1,000 other lines passed over',
    ]);
  });

  test('says of a replay that was ended what is not settled', () => {
    const ended = { progress: progressOf(), outcome: 'canceled', reason: 'the agent stops', seconds: 3 } as const;
    expect(describeResult(ended)).toEqual([
      'read 12,345 = delivered 12,000 + dropped 300 (sampled 300) + uncertain 0 + not settled 45',
      'replay CANCELED (the agent stops), 3 s; 1,000 other lines passed over',
      'lines not settled may have arrived, or may not; a replay does not go on by itself',
    ]);
  });

  test('tells of a dry run how much each service would be', () => {
    const progress = progressOf({ delivered: 12_000, pending: 0, dropped: { sampled: 300, 'too old': 45 } });
    const dryRun = {
      services: [
        { service: 'shop', lines: 11_000, bytes: 5_000_000 },
        { service: 'audit', lines: 1000, bytes: 2048 },
      ],
      bytes: 5_002_048,
      restamped: 12,
      secondsAtRate: 720,
    };
    expect(describeResult({ progress, outcome: 'complete', reason: '', seconds: 2, dryRun })).toEqual([
      'service   lines   billed',
      'shop     11,000  4.8 MiB',
      'audit     1,000  2.0 KiB',
      'in all 4.8 MiB as loggly counts them',
      '12 min at 1,000 a second',
      'outside the time that it takes lines of: 12 to be sent under another time, 45 dropped',
      'read 12,345 = to be sent 12,000 + dropped 345 (sampled 300, too old 45) + uncertain 0',
      'dry run complete, 2 s; 1,000 other lines passed over',
    ]);
  });
});
