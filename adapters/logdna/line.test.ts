import { describe, expect, test } from '@jest/globals';
import { compileTemplate, levels, type Encoding, type LogEvent } from '#sdk';
import { encodable, eventOf, structuredEventOf } from '../../test/support/events.ts';
import { encodeLine, stampLine } from './line.ts';

const names = { app: compileTemplate('{{service}}'), env: compileTemplate('{{labels.env}}') };

const encode = (event: LogEvent, encoding: Encoding = 'structured'): unknown => {
  const text = encodeLine(encodable(event), encoding, names);
  return text === undefined ? undefined : JSON.parse(text);
};

describe('a line for Mezmo', () => {
  test('shows the message and keeps the rest as metadata', () => {
    const event = structuredEventOf(
      { message: 'served', status: 200 },
      { info: { host: 'host-1', labels: { env: 'prod' } } },
    );
    expect(encode(event)).toEqual({
      line: 'served',
      app: 'billing',
      env: 'prod',
      level: 'INFO',
      meta: {
        level: 'INFO',
        time: '2026-11-22T05:40:00.123456Z',
        info: { id: 'id-0', service: 'billing', stream: 'billing-1', host: 'host-1', labels: { env: 'prod' } },
        data: { status: 200 },
      },
    });
  });

  test('shows the JSON of an application that wrote no message, once', () => {
    const line = encode(structuredEventOf({ status: 200 }));
    expect(line).toMatchObject({ line: '{"status":200}' });
    expect(line).not.toHaveProperty('meta.data');
  });

  test('shows data that came without any text', () => {
    expect(encode(eventOf({ message: '', data: { status: 200 } }))).toMatchObject({ line: '{"status":200}' });
  });

  test('is none when there is nothing to show', () => {
    expect(encode(eventOf({ message: ' \n' }))).toBeUndefined();
    expect(encode(eventOf({ message: '' }), 'message')).toBeUndefined();
  });

  test('is the merged JSON alone', () => {
    const line = encode(structuredEventOf({ status: 200 }), 'merged');
    expect(line).toMatchObject({ line: expect.stringMatching(/^\{"status":200,"_sluice":\{"id":"id-0"/) });
    expect(line).not.toHaveProperty('meta');
  });

  test('is what was written, with its id beside it', () => {
    const line = encode(structuredEventOf({ status: 200 }), 'message');
    expect(line).toMatchObject({ line: '{"status":200}', meta: { info: { id: 'id-0' } } });
  });

  test('has no names that are empty', () => {
    expect(encode(eventOf({ service: '' }))).not.toHaveProperty('app');
  });

  test('has a level that Mezmo knows, and our own beside it', () => {
    const shown = levels.map((level) => (encode(eventOf({ level })) as { readonly level: string }).level);
    expect(shown).toEqual(['FATAL', 'FATAL', 'FATAL', 'ERROR', 'WARN', 'INFO', 'INFO', 'DEBUG']);
    expect(encode(eventOf({ level: 'ALERT' }))).toMatchObject({ meta: { level: 'ALERT' } });
  });

  test('is a trace where the application said so', () => {
    const event = structuredEventOf({ level: 'trace', message: 'x' }, { level: 'DEBUG' });
    expect(encode(event)).toMatchObject({ level: 'TRACE', meta: { level: 'DEBUG', data: { level: 'trace' } } });
  });

  test('gets its timestamp when it is sent', () => {
    expect(stampLine('{"line":"x"}', 1_795_326_000_123)).toBe('{"timestamp":1795326000123,"line":"x"}');
  });
});
