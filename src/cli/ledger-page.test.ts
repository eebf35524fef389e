import { describe, expect, test } from '@jest/globals';
import type { NamedCounts } from '../ledger/counts.ts';
import { reportDestination, type DestinationCounts, type LedgerReport } from '../pipeline/ledger-report.ts';
import { compileGlob } from '../policy/match/glob.ts';
import { displayWidth } from './columns.ts';
import { formatTime } from './figures.ts';
import { renderLedger } from './ledger-page.ts';
import { createPaint } from './paint.ts';

const asOfMs = 1_795_326_000_000;

const billing: NamedCounts = {
  service: 'billing',
  read: 1_234_567,
  settled: { delivered: 1_234_000, sampled: 500 },
  lost: {},
  announced: {},
};
const cron: NamedCounts = {
  service: 'cron',
  read: 20,
  settled: { 'not routed': 18, uncertain: 2 },
  lost: {},
  announced: {},
};

const cloudwatch: DestinationCounts = {
  name: 'cloudwatch',
  asOfMs,
  services: [cron, billing],
  pending: 67,
  pendingByService: new Map([['billing', 67]]),
  resent: 3,
};

const on = { state: 'on', rewound: undefined } as const;

const render = (report: LedgerReport, isByService = false, askedMs?: number): readonly string[] =>
  renderLedger({ report, isByService, askedMs, width: 80, paint: createPaint(false) });

describe('the table of sluice ledger', () => {
  test('adds up, by destination', () => {
    const report = { destinations: [reportDestination(cloudwatch, {})], gapDetection: on };
    expect(render(report)).toEqual([
      'DESTINATION       READ = DELIVERED + DROPPED + UNCERTAIN + PENDING LOST',
      'cloudwatch   1,234,587   1,234,000       518           2        67    0',
      '  dropped: not routed 18, sampled 500',
      '  since the agent began: resent 3',
      '',
      'counted since its beginning',
    ]);
  });

  test('adds up, by service of one destination, the largest first', () => {
    expect(render({ destinations: [reportDestination(cloudwatch, {})], gapDetection: on }, true)).toEqual([
      'SERVICE                READ = DELIVERED + DROPPED + UNCERTAIN + PENDING LOST',
      'billing           1,234,567   1,234,000       500           0        67    0',
      '  dropped: sampled 500',
      'cron                     20           0        18           2         0    0',
      '  dropped: not routed 18',
      'all of cloudwatch 1,234,587   1,234,000       518           2        67    0',
      '  dropped: not routed 18, sampled 500',
      '  since the agent began: resent 3',
      '',
      'counted since its beginning',
    ]);
  });

  describe('beside the sum', () => {
    const unknown = { ...cron, service: '(unknown)', read: 0, settled: {}, lost: { 'journal gap': 12 } };
    const web = { ...cron, service: 'web', lost: { 'suppressed by journald': 5, 'docker ordinals': 7 } };
    const losing = { ...cloudwatch, services: [web, unknown], pending: 0, pendingByService: new Map(), originated: 2 };

    test('shows what was lost, by service and destination, and never adds what dockerd counts', () => {
      const lines = render({ destinations: [reportDestination(losing, {})], gapDetection: on }, true);
      expect(lines.slice(1)).toEqual([
        'web                 20           0        18           2         0    5',
        '  dropped: not routed 18',
        '  lost: suppressed by journald 5; docker ordinals 7, not added',
        '(unknown)            0           0         0           0         0   12',
        '  lost: journal gap 12',
        'all of cloudwatch   20           0        18           2         0   17',
        '  dropped: not routed 18',
        '  lost: journal gap 12, suppressed by journald 5; docker ordinals 7, not added',
        '  since the agent began: resent 3, originated 2',
        '',
        'counted since its beginning',
        'what was lost before it could be read is no part of the sum',
      ]);
    });

    test('says that gap detection is off, and why, instead of 0', () => {
      const gapDetection = { state: 'off', reason: 'sources.journald.match leaves entries out' } as const;
      const text = render({ destinations: [reportDestination(cloudwatch, {})], gapDetection }).join('\n');
      expect(text).toMatch(/^cloudwatch .* off$/m);
      expect(text).toContain('gap detection is off, sources.journald.match leaves entries out: what is missing');
      expect(render({ destinations: [reportDestination(losing, {})], gapDetection }).join('\n')).toMatch(/ 17$/m);
    });

    test('says how often the numbers of the journal ran backwards', () => {
      const gapDetection = { state: 'on', rewound: { count: 2, lastUs: asOfMs * 1000 } } as const;
      expect(render({ destinations: [reportDestination(cloudwatch, {})], gapDetection }).join(' ')).toContain(
        `the journal's numbers ran backwards 2 times, last ${formatTime(asOfMs)}`,
      );
    });

    test('does not know without an agent whether gaps are found', () => {
      const lines = render({ destinations: [reportDestination(cloudwatch, {})] });
      expect(lines[1]).toMatch(/ \?$/);
      expect(lines.at(-1)).toBe('whether gaps in the journal are found is unknown: no agent runs');
    });
  });

  test('counts from a moment on, and says which', () => {
    const since = {
      atMs: asOfMs - 90_000_000,
      services: [{ ...billing, read: 1_000_000, settled: { delivered: 999_567, sampled: 433 } }],
    };
    const report = { destinations: [reportDestination(cloudwatch, { since })], gapDetection: on };
    expect(report.destinations[0]).toMatchObject({ balance: { read: 234_587, pending: 67 }, unexplained: 0 });
    expect(render(report, false, asOfMs - 86_400_000).at(-1)).toBe(`counted since ${formatTime(since.atMs)}`);
    expect(render(report, false, asOfMs - 100_000_000).at(-1)).toBe(
      `counted since ${formatTime(since.atMs)} (nothing older is kept)`,
    );
  });

  test('counts some services alone', () => {
    expect(reportDestination(cloudwatch, { isWanted: compileGlob('cr*') })).toMatchObject({
      balance: { read: 20, pending: 0 },
      unexplained: 0,
      services: [{ name: 'cron' }],
    });
  });

  test('shouts what is unexplained', () => {
    const report = { destinations: [reportDestination({ ...cloudwatch, pending: 60 }, {})], gapDetection: on };
    expect(report.destinations[0]?.unexplained).toBe(7);
    expect(render(report)).toContain('! 7 lines are UNEXPLAINED');
  });

  test('lets no name reach the terminal, and keeps to its columns', () => {
    const hostile = { ...cron, service: `\u001b]0;owned\u0007${'x'.repeat(256)}` };
    const lines = render(
      { destinations: [reportDestination({ ...cloudwatch, services: [hostile, billing] }, {})], gapDetection: on },
      true,
    );
    expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('says that there is nothing', () => {
    expect(render({ destinations: [], gapDetection: on })).toEqual(['nothing is accounted for yet']);
  });
});
