import { describe, expect, test } from '@jest/globals';
import { IdCounter } from './id-counter.ts';

const eventOf = (id: string): string =>
  JSON.stringify({ level: 'INFO', info: { id: id.padEnd(52, '0'), host: 'h' }, message: '"info":{"id":"none"' });

describe('the counter of ids', () => {
  test('counts an event that comes twice as two with one id', () => {
    const counter = new IdCounter();
    const rest = counter.addLines(Buffer.from(`${eventOf('a')}\n${eventOf('b')}\n${eventOf('a')}\n`));
    expect(counter.arrivals).toEqual({ events: 3, uniqueIds: 2 });
    expect(rest).toHaveLength(0);
  });

  test('leaves a line that is not whole for later', () => {
    const counter = new IdCounter();
    const bytes = Buffer.from(`${eventOf('a')}\n${eventOf('b')}\n`);
    const rest = counter.addLines(bytes.subarray(0, bytes.length - 5));
    expect(counter.arrivals.events).toBe(1);
    counter.addLines(Buffer.concat([rest, bytes.subarray(bytes.length - 5)]));
    expect(counter.arrivals).toEqual({ events: 2, uniqueIds: 2 });
  });

  test('refuses an event without an id', () => {
    expect(() => new IdCounter().addLines(Buffer.from('{"message":"who am I"}\n'))).toThrow('an event without an id');
  });
});
