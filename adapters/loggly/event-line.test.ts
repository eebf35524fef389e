import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodings } from '#sdk';
import { anyEvent, encodable, eventOf, structuredEventOf } from '../../test/support/events.ts';
import { encodeLine } from './event-line.ts';

describe('a line for Loggly', () => {
  test('has the time at its root and the event behind it', () => {
    expect(encodeLine(encodable(eventOf()), 'structured')).toBe(
      '{"timestamp":"2026-11-22T05:40:00.123Z",' +
        '"level":"INFO","time":"2026-11-22T05:40:00.123456Z",' +
        '"info":{"id":"id-0","service":"billing","stream":"billing-1","host":"host-1"},"message":"line 0"}',
    );
  });

  test('keeps the timestamp that the application put at its root', () => {
    const event = structuredEventOf({ timestamp: 'yesterday', message: 'x' });
    const line = encodeLine(encodable(event), 'merged') ?? '';
    expect(JSON.parse(line)).toMatchObject({ timestamp: 'yesterday', message: 'x', _sluice: { id: 'id-0' } });
    expect(line.match(/"timestamp"/g)).toHaveLength(1);
  });

  test('gets a timestamp when the word stands elsewhere only', () => {
    const event = structuredEventOf({ nested: { timestamp: 1 }, message: '"timestamp"' });
    const line = encodeLine(encodable(event), 'merged') ?? '';
    expect(JSON.parse(line)).toMatchObject({ timestamp: '2026-11-22T05:40:00.123Z', nested: { timestamp: 1 } });
  });

  test('as written shows its line breaks, since a break would make two events of it', () => {
    expect(encodeLine(encodable(eventOf({ message: 'one\r\ntwo' })), 'message')).toBe('one\\r\\ntwo');
  });

  test('as written is nothing when it is blank', () => {
    expect(encodeLine(encodable(eventOf({ message: ' \n' })), 'message')).toBeUndefined();
  });

  test.each(encodings)('holds no line break, whatever the event, as %s', (encoding) => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(encodeLine(encodable(event), encoding) ?? '').not.toMatch(/[\r\n]/);
      }),
    );
  });

  test('as JSON parses, whatever the event', () => {
    fc.assert(
      fc.property(anyEvent, fc.constantFrom('structured', 'merged'), (event, encoding) => {
        expect(() => JSON.parse(encodeLine(encodable(event), encoding) ?? '') as unknown).not.toThrow();
      }),
    );
  });
});
