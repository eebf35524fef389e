import { describe, expect, test } from '@jest/globals';
import { eventOf, eventTimeUs } from '../../test/support/events.ts';
import type { LogEvent } from '../event/event.ts';
import { tapMessageOf, type TapMessage } from '../pipeline/tap-message.ts';
import { jsonOutput } from './json-output.ts';
import { createPaint } from './paint.ts';
import { renderTapped } from './tap-line.ts';

const messageOf = (event: Partial<LogEvent>, destinations: readonly string[] = ['loggly']): TapMessage =>
  tapMessageOf({ kind: 'event', event: eventOf(event), destinations });

const render = (message: TapMessage, showsDestinations = true): string =>
  renderTapped(message, showsDestinations, createPaint(false)).replace(/^\d\d:\d\d:\d\d\.123/, 'TIME');

describe('a tapped event', () => {
  test('is one line with who gets it', () => {
    const event = {
      level: 'WARN',
      message: 'payment refused',
      data: { attempt: 3, user: { id: 7 }, why: 'no funds' },
    } as const;
    expect(render(messageOf(event, ['cloudwatch', 'loggly']))).toBe(
      'TIME WARN   billing          cloudwatch,loggly payment refused attempt=3 user={"id":7} why="no funds"',
    );
    expect(render(messageOf(event), false)).toBe(
      'TIME WARN   billing          payment refused attempt=3 user={"id":7} why="no funds"',
    );
    expect(render(messageOf({ message: 'x' }, []))).toBe('TIME INFO   billing          -            x');
  });

  test('has more lines than one where its message has', () => {
    expect(render(messageOf({ message: 'panic\n\tat main.go\r\nexit\n' }), false)).toBe(
      'TIME INFO   billing          panic\n        at main.go\n    exit',
    );
  });

  test('reaches the terminal neither as text nor as JSON, and its JSON means the same', () => {
    const hostile = '\u001b[31mred\u001b[0m \u001b]0;owned\u0007 \u009b2J \u202e \u007f';
    const message = messageOf({ message: hostile, service: hostile, data: { [hostile]: hostile } }, [hostile]);
    expect(render(message)).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(render(message)).toContain('red');
    expect(jsonOutput(message)).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(JSON.parse(jsonOutput(message, 2))).toEqual(message);
  });

  test('says what was missed', () => {
    expect(render({ kind: 'missed', count: 7 })).toBe('... 7 events passed too fast to be shown');
  });

  test('keeps its own time', () => {
    expect(messageOf({})).toMatchObject({
      event: { time: new Date(eventTimeUs / 1000).toISOString().replace('Z', '456Z') },
    });
  });
});
