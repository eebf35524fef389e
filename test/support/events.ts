import * as fc from 'fast-check';
import { encodeEvent, type EncodableEvent } from '../../src/event/encode.ts';
import type { LogEvent } from '../../src/event/event.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { levels } from '../../src/event/level.ts';
import type { RecordFields, RecordPosition } from '../../src/event/record.ts';

/** 2026-11-22T05:40:00.123456Z, the time of every built event unless said otherwise. */
export const eventTimeUs = 1_795_326_000_123_456;

/** A position whose cursor and id follow from `sequence`: `c7` and `id-7`. */
export const positionOf = (sequence: number, overrides: Partial<RecordPosition> = {}): RecordPosition => ({
  source: 'journald',
  shard: '',
  receivedUs: eventTimeUs + sequence,
  cursor: () => `c${sequence}`,
  id: () => `id-${sequence}`,
  ...overrides,
});

/** Journal fields from plain values; a list is a repeated field. */
export const fieldsOf = (values: Readonly<Record<string, string | readonly string[]>> = {}): RecordFields => {
  const all = (name: string): readonly string[] => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return [];
    return typeof value === 'string' ? [value] : value;
  };
  return { all, repeats: (name) => all(name).length > 1, get: (name) => all(name)[0], invalidBytes: () => undefined };
};

/** A sound event of the service `billing`; `sequence` sets its position and time, `overrides` anything else. */
export const eventOf = (overrides: Partial<LogEvent> = {}, sequence = 0): LogEvent => {
  const message = overrides.message ?? `line ${sequence}`;
  return {
    position: positionOf(sequence),
    timeUs: eventTimeUs + sequence,
    level: 'INFO',
    message,
    service: 'billing',
    stream: 'billing-1',
    info: { host: 'host-1' },
    data: undefined,
    raw: message,
    structured: false,
    fields: fieldsOf(),
    bytes: Buffer.byteLength(message),
    ...overrides,
  };
};

/** An event written by its application as a JSON object, with everything but `message` in `data`. */
export const structuredEventOf = (content: JsonObject, overrides: Partial<LogEvent> = {}, sequence = 0): LogEvent => {
  const { message = '', ...data } = content;
  const raw = JSON.stringify(content);
  return eventOf(
    {
      message: typeof message === 'string' ? message : JSON.stringify(message),
      data,
      raw,
      structured: true,
      ...overrides,
    },
    sequence,
  );
};

/** What a sender gets to encode. */
export const encodable = (event: LogEvent): EncodableEvent => ({
  event,
  text: (encoding, front) => encodeEvent(event, encoding, front),
});

/** `count` sound events in order, with sequences from 0. */
export const eventsOf = (count: number, overrides: Partial<LogEvent> = {}): readonly LogEvent[] =>
  Array.from({ length: count }, (_, sequence) => eventOf(overrides, sequence));

/** Names that a service may dislike: empty, endless, path-like, with control characters, outside the BMP, torn. */
export const hostileNames: readonly string[] = [
  '',
  ' ',
  '.',
  '../../etc/passwd',
  'a/b?c=d#e&f',
  'tag,other',
  'line\r\nHost: evil',
  '\u0000\u001b[31m',
  '%2e%2e%2f',
  '__proto__',
  'constructor',
  'caf\u00e9 \u{1f600} \u202e',
  '\ud800torn',
  'x'.repeat(5000),
];

const name = fc.oneof(fc.constantFrom(...hostileNames), fc.string({ unit: 'binary', maxLength: 100 }));
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', 'two\nlines', '\u0000\u001b[31mred', '\ud83d torn', '\u{1f600}'.repeat(50)),
);
const json = fc.dictionary(name, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 }).map((value) => value as JsonObject);

/** Any event that the pipeline may produce, hostile names and contents included. */
export const anyEvent: fc.Arbitrary<LogEvent> = fc
  .record({
    sequence: fc.nat(1_000_000),
    level: fc.constantFrom(...levels),
    service: name,
    stream: name,
    host: fc.option(name, { nil: undefined }),
    message: text,
    data: fc.option(json, { nil: undefined }),
    structured: fc.boolean(),
  })
  .map(({ sequence, level, service, stream, host, message, data, structured }) => {
    const info = host === undefined ? {} : { host };
    const overrides = { level, service, stream, info };
    return structured
      ? structuredEventOf({ ...data, message }, overrides, sequence)
      : eventOf({ ...overrides, message, data }, sequence);
  });
