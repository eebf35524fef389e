import { describe, expect, test } from '@jest/globals';
import { agentStatusOf, destinationStatusOf, replayProgressOf, statusTimeMs } from '../../test/support/agent-status.ts';
import type { AgentStatus } from '../pipeline/status.ts';
import { displayWidth } from './columns.ts';
import { createPaint } from './paint.ts';
import { renderStatus } from './status-page.ts';

const identity = { protocol: 1, version: '0.1.0', pid: 42, state: '/var/lib/sluice' };

const render = (status: AgentStatus, width = 80): readonly string[] =>
  renderStatus({ identity, status, nowMs: statusTimeMs, width, paint: createPaint(false) });

const retrying = destinationStatusOf({
  name: 'loggly',
  condition: { state: 'retrying', reason: 'HTTP 503' },
  conditionSinceMs: statusTimeMs - 600_000,
  lagLines: 1_234_567,
  lagSeconds: 660,
  linesPerSecond: 0,
  lastAnswer: { atMs: statusTimeMs - 12_000, text: 'HTTP 503' },
  stalledSeconds: 600,
});

describe('the page of sluice status', () => {
  test('shows the agent and its destinations on one screen of 80 columns', () => {
    const status = agentStatusOf({
      destinations: [destinationStatusOf(), retrying],
      denied: [{ name: 'logdna', reason: 'KEY is not set' }],
    });
    expect(render(status)).toEqual([
      'sluice 0.1.0, pid 42, up 2 h 05',
      'reads     journal of this host (/var/log/journal, /run/log/journal)',
      '          reading; 1 reader, 9,000 lines, 4.3 MiB so far',
      'queue     capacity unknown',
      'memory    4.8 MiB of 128 MiB for events',
      'routes    container=* to cloudwatch, loggly; level>=warn to cloudwatch; all else',
      '          nowhere',
      '',
      '! loggly has made no progress for 10 min while lines wait: HTTP 503',
      '! logdna ships nothing: KEY is not set',
      '',
      'DESTINATION STATE         FOR   BEHIND    LINES PENDING LINES/S RETRIES',
      'cloudwatch  ok         2 h 05      1 s       45      45   1,235       3',
      '  last answer 3 s ago: took 500 lines; time until loss unknown',
      'loggly      retrying   10 min   11 min    1.23M      45       0       3',
      '  HTTP 503',
      '  last answer 12 s ago; time until loss unknown',
      'logdna      denied',
      '  KEY is not set',
    ]);
  });

  test('shows replays beside the destinations', () => {
    expect(render(agentStatusOf({ replays: [replayProgressOf()] })).slice(-2)).toEqual([
      '',
      'replay to loggly at 1,000/s: 50 %, read 20, sent 10, 3 s left',
    ]);
  });

  test('shows what is known of queue, loss and parked keys', () => {
    const parked = Array.from({ length: 7 }, (_, index) => ({
      key: `group-${index}`,
      reason: 'AccessDenied',
      sinceMs: 1,
      lines: 1200,
    }));
    const text = render(
      agentStatusOf({
        queue: { capacitySeconds: 660, usedBytes: 1024 ** 3, maxBytes: 4 * 1024 ** 3, persistent: true },
        destinations: [
          destinationStatusOf({ secondsUntilLoss: 7200, parked, parkedKeys: 7 }),
          { ...retrying, secondsUntilLoss: 540 },
        ],
      }),
    ).join('\n');
    expect(text).toContain(
      'queue     11 min at present rates, persistent, 4.0 GiB\n          under an hour: raise SystemMaxUse=',
    );
    expect(text).toContain('could be away for 2 h 00');
    expect(text).toContain('lines are lost in 9 min');
    expect(text).toContain('parked group-4, 1,200 lines wait: AccessDenied\n  and 2 more parked keys');
  });

  test('shows a queue that holds everything, or of which too little is known', () => {
    const queue = { usedBytes: 2048, persistent: false } as const;
    const endless = render(
      agentStatusOf({
        queue: { ...queue, capacitySeconds: 'unlimited', maxBytes: 4096 },
        destinations: [destinationStatusOf({ secondsUntilLoss: 'never' })],
      }),
    );
    expect(endless).toContain('queue     unlimited at present rates, IN MEMORY ONLY, lost at a reboot, 4.0 KiB');
    expect(endless.join('\n')).toContain('no line is going to be lost');
    expect(render(agentStatusOf({ queue }))).toContain(
      'queue     capacity unknown, IN MEMORY ONLY, lost at a reboot, 2.0 KiB used',
    );
  });

  test('shows what was lost to a destination, and that gaps are not found', () => {
    const { balance } = destinationStatusOf();
    const lost = { 'journal gap': 12, 'docker ordinals': 7 };
    const { source } = agentStatusOf();
    const text = render(
      agentStatusOf({
        source: { ...source, gapDetection: { state: 'off', reason: 'rights hide entries' } },
        destinations: [destinationStatusOf({ balance: { ...balance, lost } })],
      }),
    ).join('\n');
    expect(text).toContain('lost      gap detection is off, rights hide entries: ');
    expect(text).toContain('  lost before they could be read: journal gap 12; docker ordinals 7, not added');
  });

  test.each([30, 60, 80, 120])('keeps within %i columns', (width) => {
    const long = destinationStatusOf({
      name: 'a-destination-with-the-longest-name-that-a-file-may-have-000063',
      condition: { state: 'denied', reason: 'word '.repeat(100) },
    });
    for (const line of render(agentStatusOf({ destinations: [long, retrying] }), width))
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });

  test('lets nothing of services and containers reach the terminal', () => {
    const hostile = '\u001b]0;owned\u0007\u009b2J\u202e';
    const status = agentStatusOf({
      source: {
        name: 'journald',
        description: hostile,
        warnings: [],
        gapDetection: { state: 'off', reason: hostile },
      },
      routing: hostile,
      destinations: [
        destinationStatusOf({
          condition: { state: 'denied', reason: hostile },
          lastAnswer: { atMs: 0, text: hostile },
          parked: [{ key: hostile, reason: hostile, sinceMs: 1, lines: 1 }],
          parkedKeys: 1,
          checkpointProblem: hostile,
          unexplained: 3,
        }),
      ],
      denied: [{ name: 'logdna', reason: hostile }],
    });
    expect(render(status).join('')).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('says that nothing is switched on', () => {
    expect(render(agentStatusOf({ destinations: [] })).at(-1)).toBe('no destination is switched on');
  });
});
