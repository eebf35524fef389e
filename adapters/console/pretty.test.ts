import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { levels } from '#sdk';
import { anyEvent, eventOf } from '../../test/support/events.ts';
import { createPalette } from './palette.ts';
import { renderPretty } from './pretty.ts';

const plain = createPalette(false);
const colored = createPalette(true);
/** Controls, line separators, bidirectional overrides. */
const dangerous = /[\u2028\u2029\u202a-\u202e\u2066-\u2069]|(?![\t\n])\p{Cc}/u;
const timeUs = new Date(2026, 10, 22, 5, 40, 0, 123).getTime() * 1000 + 456;

describe('renderPretty', () => {
  test('shows local time, level, service, message and data', () => {
    const data = { status: 200, path: '/checkout', note: 'two words', tags: ['a'], user: { id: 7 } };
    const event = eventOf({ timeUs, message: 'request served', data });
    expect(renderPretty(event, plain)).toBe(
      '05:40:00.123 INFO   billing          request served status=200 path=/checkout note="two words" tags=["a"] user={"id":7}',
    );
  });

  test('indents further lines, errors and stacks', () => {
    const errors = [{ type: 'PaymentError', error: 'card declined', stack: ['at charge (billing.js:10)'] }];
    const event = eventOf({ timeUs, level: 'ERROR', message: 'failed\r\n  twice\n', info: { errors } });
    expect(renderPretty(event, plain).split('\n')).toEqual([
      '05:40:00.123 ERROR  billing          failed',
      '      twice',
      '    PaymentError: card declined',
      '    at charge (billing.js:10)',
    ]);
  });

  test('a service keeps its colour through all levels and runs', () => {
    const services = levels.map((level) => renderPretty(eventOf({ timeUs, level }), colored));
    expect(services.every((line) => line.includes(' \u001b[96mbilling '))).toBe(true);
  });

  test('levels differ in colour, down to the three that wake people up', () => {
    expect(new Set(levels.map((level) => colored.level(level, ''))).size).toBe(6);
  });

  test('whatever an event says, without colours nothing in it drives a terminal', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(dangerous.test(renderPretty(event, plain))).toBe(false);
      }),
    );
  });

  test('whatever an event says, only its first line begins at the margin', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const [, ...rest] = renderPretty(event, plain).split('\n');
        expect(rest.every((line) => line === '' || line.startsWith('    '))).toBe(true);
      }),
    );
  });
});
