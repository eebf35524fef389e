import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeEvent, isEmbeddedMetric } from './encode.ts';
import type { LogEvent } from './event.ts';
import type { JsonObject } from './json.ts';

const event: LogEvent = {
  position: { source: 'journald', shard: '', receivedUs: 0, cursor: () => 'cursor', id: () => '1-id' },
  timeUs: Date.UTC(2026, 10, 22, 5, 40) * 1000 + 123_456,
  level: 'INFO',
  message: 'request served',
  service: 'shop-web',
  stream: 'shop-web-1',
  info: { host: 'ip-10-0-0-1', pid: 702 },
  data: { status: 200 },
  raw: '{"msg":"request served","status":200}',
  structured: true,
  fields: { get: () => undefined, repeats: () => false, all: () => [], invalidBytes: () => undefined },
  bytes: 100,
};

const texts = ['plain', 'a "b" \\ \u001b[0m\u0000\r\n', '\ud800 lone', '\u2028\u{1f600}', ''];

describe('the structured encoding', () => {
  test('is the ecs-logs schema', () => {
    expect(encodeEvent(event, 'structured')).toBe(
      '{"level":"INFO","time":"2026-11-22T05:40:00.123456Z",' +
        '"info":{"id":"1-id","service":"shop-web","stream":"shop-web-1","host":"ip-10-0-0-1","pid":702},' +
        '"data":{"status":200},"message":"request served"}',
    );
  });

  test('leaves out what is absent', () => {
    const bare = JSON.parse(encodeEvent({ ...event, data: undefined, message: '' }, 'structured')) as JsonObject;
    expect(Object.keys(bare)).toEqual(['level', 'time', 'info']);
  });

  test('shares nothing between events that differ', () => {
    const { info } = event;
    const shown = [
      event,
      { ...event, service: 'a' },
      { ...event, stream: 'b' },
      { ...event, info: { ...info, pid: 1 } },
    ];
    const infos = shown.map((one) => (JSON.parse(encodeEvent(one, 'structured')) as { info: object }).info);
    expect(infos).toMatchObject([{}, { service: 'a' }, { service: 'shop-web', stream: 'b' }, { pid: 1 }]);
    expect(new Set(infos.map((one) => JSON.stringify(one))).size).toBe(4);
  });

  test.each(texts)('holds any text on one line: %j', (message) => {
    const text = encodeEvent({ ...event, message, service: message, info: { host: message } }, 'structured');
    expect(text).not.toMatch(/[\r\n]/);
    expect(JSON.parse(text)).toMatchObject({ info: { service: message, host: message } });
    expect((JSON.parse(text) as { message?: string }).message ?? '').toBe(message);
  });

  test('keeps a number as it was written', () => {
    const data = { id: JSON.rawJSON('12345678901234567890') } as unknown as JsonObject;
    expect(encodeEvent({ ...event, data }, 'structured')).toContain('"data":{"id":12345678901234567890}');
  });
});

describe('the merged encoding', () => {
  const ours =
    '"_sluice":{"id":"1-id","level":"INFO","time":"2026-11-22T05:40:00.123456Z",' +
    '"service":"shop-web","stream":"shop-web-1","host":"ip-10-0-0-1","pid":702}';

  test("keeps the application's JSON as it wrote it", () => {
    expect(encodeEvent(event, 'merged')).toBe(`{"msg":"request served","status":200,${ours}}`);
    expect(encodeEvent({ ...event, raw: ' {\r\n"n": 1.0\n} \r' }, 'merged')).toBe(`{ "n": 1.0,${ours}}`);
    expect(encodeEvent({ ...event, raw: '{ }' }, 'merged')).toBe(`{${ours}}`);
  });

  test.each(texts)('has text as a message: %j', (message) => {
    const text = encodeEvent({ ...event, raw: message, message, structured: false }, 'merged');
    expect(text).not.toMatch(/[\r\n]/);
    expect(JSON.parse(text)).toMatchObject({ message, _sluice: { id: '1-id' } });
  });

  test('of any object has all of it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom('', ' ', '\n\t'), (own, indent) => {
        const raw = JSON.stringify(own, undefined, indent);
        const merged = JSON.parse(encodeEvent({ ...event, raw }, 'merged')) as JsonObject;
        const { _sluice: added, ...rest } = merged;
        expect(added).toMatchObject({ service: 'shop-web' });
        expect(JSON.stringify(rest)).toBe(JSON.stringify(JSON.parse(raw)));
      }),
    );
  });
});

test('the message encoding is the line as it was written', () => {
  expect(encodeEvent(event, 'message')).toBe(event.raw);
});

describe('an embedded metric', () => {
  const metric = { _aws: { Timestamp: 1, CloudWatchMetrics: [] } };

  test('is known by its metadata', () => {
    expect(isEmbeddedMetric({ ...event, data: metric })).toBe(true);
  });

  test.each([[undefined], [{}], [{ _aws: 1 }], [{ _aws: {} }], [{ _aws: { CloudWatchMetrics: {} } }]])(
    'is not %j',
    (data) => {
      expect(isEmbeddedMetric({ ...event, data })).toBe(false);
    },
  );

  test('is no text that looks like it', () => {
    expect(isEmbeddedMetric({ ...event, data: metric, structured: false })).toBe(false);
  });
});
