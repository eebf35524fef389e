import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import {
  agentStatusOf,
  destinationStatusOf,
  replayProgressOf,
  statusTimeMs,
} from '../../../test/support/agent-status.ts';
import { displayWidth } from '../columns.ts';
import { createPaint } from '../paint.ts';
import { renderFrame, type Frame } from './frame.ts';
import { firstView, type View } from './view.ts';

const destinations = [
  destinationStatusOf(),
  destinationStatusOf({
    name: 'loggly',
    condition: { state: 'denied', reason: 'HTTP 403: the token is revoked' },
    lagSeconds: 660,
    linesPerSecond: 0,
  }),
];

const frameOf = (overrides: Partial<Frame> = {}): Frame => ({
  identity: { protocol: 1, version: '0.1.0', pid: 42, state: '/var/lib/sluice' },
  status: agentStatusOf({ destinations, denied: [{ name: 'logdna', reason: 'KEY is not set' }] }),
  view: firstView,
  nowMs: statusTimeMs,
  trouble: undefined,
  width: 80,
  height: 24,
  paint: createPaint(false),
  ...overrides,
});

const show = (overrides: Partial<Frame> = {}): string => renderFrame(frameOf(overrides)).join('\n');

const pages: readonly View['page'][] = ['table', 'details', 'help'];

describe('a frame of sluice top', () => {
  test('shows all destinations, and of the selected one why', () => {
    const text = show({ view: { ...firstView, selected: 1 } });
    expect(text).toMatch(/^sluice 0\.1\.0 {2}pid 42 {2}up 2 h 05 +\d\d:\d\d:\d\d$/m);
    expect(text).toContain('delivers 1,235 lines/s');
    expect(text).toContain('! logdna ships nothing: KEY is not set');
    expect(text).toMatch(/^ {2}cloudwatch +ok /m);
    expect(text).toMatch(/^> loggly +denied +2 h 05 +11 min /m);
    expect(text).toMatch(/^ {2}HTTP 403: the token is revoked$/m);
    expect(text).toMatch(/^q quit .*sort \(as configured\)/m);
  });

  test('shows replays, as far as they are', () => {
    const status = agentStatusOf({
      replays: [replayProgressOf(), replayProgressOf({ service: 'billing', dryRun: true })],
    });
    const text = show({ status });
    expect(text).toMatch(/^replay to loggly at 1,000\/s: 50 %, read 20, sent 10, 3 s left$/m);
    expect(text).toMatch(/^dry run to loggly of billing at 1,000\/s: 50 %, /m);
  });

  test('shows all about one', () => {
    const text = show({ view: { ...firstView, page: 'details' } });
    expect(text).toContain('read 9000 = delivered 8000 + dropped 955 (not routed 955) + pending 45');
    expect(text).toContain('last answer 3 s ago: took 500 lines');
    expect(show({ view: { ...firstView, page: 'details', selected: 2 } })).toContain('KEY is not set');
  });

  test('says that the agent does not answer, and of when the figures are', () => {
    const text = show({ trouble: 'the agent is gone' });
    expect(text).toMatch(/NO ANSWER$/m);
    expect(text).toMatch(/^! no answer since \d\d:\d\d:\d\d, trying again: the agent is gone$/m);
  });

  test.each([20, 40, 60, 80, 200])('fills a screen of %i columns exactly, however high, in colours too', (width) => {
    for (const height of [1, 3, 10, 24, 60]) {
      for (const page of pages) {
        for (const isColored of [false, true]) {
          const lines = renderFrame(
            frameOf({ width, height, view: { ...firstView, page }, paint: createPaint(isColored) }),
          );
          expect(lines).toHaveLength(height);
          for (const line of lines) expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(width);
        }
      }
    }
  });

  test('keeps the selected one in sight among many', () => {
    const many = Array.from({ length: 60 }, (_, index) => destinationStatusOf({ name: `destination-${index}` }));
    for (const selected of [0, 30, 59]) {
      const text = show({ status: agentStatusOf({ destinations: many }), view: { ...firstView, selected } });
      expect(text).toMatch(new RegExp(`^> destination-${selected} `, 'm'));
    }
  });

  test('lets nothing of services reach the terminal', () => {
    const hostile = '\u001b]0;owned\u0007\u009b2J\u202e';
    const status = agentStatusOf({
      routing: hostile,
      replays: [replayProgressOf({ destination: hostile, service: hostile })],
      destinations: [
        destinationStatusOf({
          condition: { state: 'denied', reason: hostile },
          lastAnswer: { atMs: 0, text: hostile },
          checkpointProblem: hostile,
        }),
      ],
    });
    for (const page of pages) {
      const text = show({ status, view: { ...firstView, page }, trouble: hostile });
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    }
  });

  test('has room for no destination at all', () => {
    const status = agentStatusOf({ destinations: [] });
    for (const page of pages) expect(show({ status, view: { ...firstView, page } })).toContain('quit');
  });
});
