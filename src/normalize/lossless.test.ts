import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatTimeUs } from '../event/time.ts';
import type { LogEvent } from '../event/event.ts';
import { createNormalizer } from './normalize.ts';
import { testRecord } from './test-record.ts';

type Json = Record<string, unknown>;

const normalize = createNormalizer({
  host: () => ({ name: 'h', machineId: undefined, cloud: {} }),
  naming: 'sluice',
  streamField: undefined,
  labels: {},
  maxNewServicesPerHour: 1000,
  onServiceOverflow: () => undefined,
});

/** Numbers as they are written, so that a rounded one shows. */
const readAsWritten = (text: string): unknown =>
  JSON.parse(text, (_key, value, { source }) => (typeof value === 'number' ? `#${source}` : value));

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const holds = (place: unknown, name: string, value: unknown): boolean =>
  isObject(place) && Object.hasOwn(place, name) && same(place[name], value);

const levelWords: Record<string, string[]> = {
  EMERG: ['#0'],
  ALERT: ['#1'],
  CRIT: ['#2'],
  ERROR: ['error', '#3', '#50'],
  WARN: ['warning', '#4', '#40'],
  NOTICE: ['#5'],
  INFO: ['info', 'INFO', '#6', '#30'],
  DEBUG: ['#7', '#20'],
};

const times = ['2026-11-22T05:40:00.123Z', '2026-11-22T05:40:00.123456789Z', '2020-01-01T00:00:00+01:00'];
const instants = [times[0] ?? '', '#1795326000.5', '#1795326000123'];
const instantsUs = [1_795_326_000_123_000, 1_795_326_000_500_000, 1_795_326_000_123_000];

const saysTime = (event: LogEvent, value: unknown): boolean => {
  const { claimed_time } = event.info;
  if (claimed_time !== undefined) return claimed_time === value || `#${Date.parse(claimed_time) / 1000}` === value;
  return typeof value === 'string' && instantsUs[instants.indexOf(value)] === event.timeUs;
};

/** Where the event says the same as one member of the line. */
const isSaid = (event: LogEvent, data: unknown, name: string, value: unknown): boolean => {
  if (holds(data, name, value)) return true;
  if (['level', 'severity'].includes(name)) return levelWords[event.level]?.includes(value as string) === true;
  if (['time', 'ts'].includes(name)) return saysTime(event, value);
  if (name === 'msg' || name === 'message') return value === event.message;
  if (name === 'data') return same(value, {}) || value === null || isWithin(value, (key, one) => holds(data, key, one));
  return name === 'info' && (value === null || isWithin(value, (key, one) => isInfoSaid(event, data, key, one)));
};

const isWithin = (value: unknown, isThere: (name: string, member: unknown) => boolean): boolean =>
  isObject(value) && Object.entries(value).every(([name, member]) => isThere(name, member));

const isInfoSaid = (event: LogEvent, data: unknown, name: string, value: unknown): boolean => {
  if (name === 'source' && value === event.info.source) return true;
  if (name === 'errors' && same(value, event.info.errors)) return true;
  return isObject(data) && holds(data['info'], name, value);
};

const longNumber = fc
  .tuple(fc.bigInt({ min: 10n ** 17n, max: 10n ** 30n }), fc.stringMatching(/^(\.\d{0,20}[1-9])?$/))
  .map(([whole, fraction]) => JSON.rawJSON(`${whole}${fraction}`));

const anything = fc.oneof({ maxDepth: 2 }, fc.jsonValue({ maxDepth: 2 }), longNumber, fc.string({ unit: 'binary' }));

const names = [
  'a',
  'b',
  'status',
  '__proto__',
  'constructor',
  'toJSON',
  '0',
  'service',
  'stream',
  'host',
  'id',
  'info',
];

const data = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), anything, { maxKeys: 4 });

const info = fc.record(
  {
    source: fc.oneof(fc.string(), anything),
    errors: fc.oneof(
      fc.array(
        fc.record({ type: fc.string(), error: fc.string(), stack: fc.array(fc.string()) }, { requiredKeys: [] }),
      ),
      anything,
    ),
    host: anything,
    pid: anything,
  },
  { requiredKeys: [] },
);

const level = fc.oneof(
  fc.constantFrom('info', 'INFO', 30, 6, 'warning', 4, 'error', 'trace', 'loud', 10, 60),
  anything,
);
const time = fc.oneof(fc.constantFrom(...times, 1_795_326_000.5, 1_795_326_000_123, 1_000_000_000), anything);

const lifted = fc.record(
  {
    level,
    severity: level,
    time,
    ts: time,
    msg: fc.oneof(fc.string(), anything),
    message: fc.oneof(fc.string(), anything),
    info: fc.oneof(info, anything),
    data: fc.oneof(data, anything),
  },
  { requiredKeys: [] },
);

const lines = fc.tuple(lifted, data).map(([own, more]) => {
  const members = { ...Object.fromEntries(Object.entries(more)), ...own };
  return JSON.stringify(members);
});

test('every member of a line is in its event, and nothing else is', () => {
  fc.assert(
    fc.property(lines, (text) => {
      const event = normalize(testRecord({ MESSAGE: text, PRIORITY: '5' }));
      expect(event).toMatchObject({ raw: text, structured: true });
      const written = readAsWritten(text) as Json;
      const kept = event.data === undefined ? {} : (readAsWritten(JSON.stringify(event.data)) as Json);
      const lost = Object.entries(written).filter(([name, value]) => {
        const isEmptyMessage =
          name === 'message' && value === '' && (isObject(written['info']) || isObject(written['data']));
        return !isEmptyMessage && !isSaid(event, kept, name, value);
      });
      expect(lost).toEqual([]);
      const invented = Object.entries(kept).filter(([name, value]) => {
        if (holds(written, name, value) || holds(written['data'], name, value)) return false;
        return !(name === 'info' && isWithin(value, (key, one) => holds(written['info'], key, one)));
      });
      expect(invented).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('the event of any text, and of any bytes, gives it back', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.json().map((value) => `${value}}`),
  );
  fc.assert(
    fc.property(text, (message) => {
      const event = normalize(testRecord({ MESSAGE: message }));
      expect(event.raw).toBe(message);
      expect(event.structured || event.message === message).toBe(true);
      expect(formatTimeUs(event.timeUs)).toHaveLength(27);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const event = normalize(testRecord({ MESSAGE: bytes }));
      expect(Buffer.from(event.info.raw ?? '', 'base64')).toEqual(Buffer.from(bytes));
    }),
  );
});
