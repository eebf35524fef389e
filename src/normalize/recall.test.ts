import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { LogEvent } from '../event/event.ts';
import type { LogRecord } from '../event/record.ts';
import type { HostFacts } from '../platform/host-identity.ts';
import { createNormalizer, type Normalizer, wholeOfWriter } from './normalize.ts';
import { overflowService } from './service-cap.ts';
import { dockerFields, receivedUs, testRecord, type TestValue } from './test-record.ts';

const host = { name: 'h', machineId: undefined, cloud: {} };

const normalizerFor = (maxNewServicesPerHour = 1000) =>
  createNormalizer({
    host: () => host,
    naming: 'sluice',
    streamField: undefined,
    labels: { team: 'red' },
    maxNewServicesPerHour,
    onServiceOverflow: () => undefined,
  });

/** Lets it know the writer. */
const acquainted = (normalize: Normalizer): Normalizer => {
  for (let number = 0; number < wholeOfWriter; number += 1) normalize(recordOf(`before ${number}`));
  return normalize;
};

const ofWriter = dockerFields;
const writer = {};

const recordOf = (MESSAGE: TestValue, own: Readonly<Record<string, TestValue>> = {}, more = {}): LogRecord =>
  testRecord({ ...ofWriter, ...own, MESSAGE }, { common: writer, ...more });

/** All that an event says, with the fields that it may be asked for. */
const saidBy = ({ fields, recall: _recall, ...said }: LogEvent) => ({
  ...said,
  fields: Object.fromEntries([...Object.keys(ofWriter), 'MESSAGE'].map((name) => [name, fields.all(name)])),
});

const anyLine = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc
    .record({
      level: fc.constantFrom('error', 'WARN', 30, null),
      time: fc.constantFrom('2026-11-22T05:40:00.123Z', '2020-01-01T00:00:00Z', 7),
      msg: fc.string(),
      info: fc.constantFrom({ source: 'a.ts:1:f', errors: [{ type: 'E', error: 'e', stack: ['s'] }] }, {}, 'x'),
      data: fc.dictionary(fc.string(), fc.jsonValue()),
    })
    .map((line) => JSON.stringify(line)),
);

describe('an event made anew of its line', () => {
  test("says what it said, whichever of the writer's lines came first", () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 5 }), (lines) => {
        const normalize = acquainted(normalizerFor());
        const events = lines.map((line, index) => normalize(recordOf(line, {}, { id: `id-${index}` })));
        for (const event of events) {
          const again = event.recall?.remake(event.raw, event.position);
          expect(again && saidBy(again)).toEqual({ ...saidBy(event), bytes: again?.bytes });
        }
      }),
    );
  });

  test('is of the service that it went to, though there are too many by now', () => {
    const normalize = acquainted(normalizerFor(0));
    const event = normalize(recordOf('line'));
    expect(event.service).toBe(overflowService);
    expect(event.recall?.remake('line', event.position).service).toBe(overflowService);
  });

  test('can be had when the writer has written enough', () => {
    const normalize = normalizerFor();
    for (let number = 0; number < wholeOfWriter; number += 1) {
      expect(normalize(recordOf('line')).recall).toBeUndefined();
    }
    expect(normalize(recordOf('line')).recall).toBeDefined();
  });

  test('says what is known of the host when the line was read, not when the writer was met', () => {
    let known: HostFacts = host;
    const normalize = createNormalizer({
      host: () => known,
      naming: 'sluice',
      streamField: undefined,
      labels: {},
      maxNewServicesPerHour: 1000,
      onServiceOverflow: () => undefined,
    });
    const before = acquainted(normalize)(recordOf('before'));
    known = { ...host, cloud: { instance: 'i-0123' } };
    const after = acquainted(normalize)(recordOf('after'));
    for (const event of [before, after]) {
      expect(event.recall?.remake(event.raw, event.position).info).toEqual(event.info);
    }
    expect(after.info).not.toEqual(before.info);
  });

  test('has no fields of another line', () => {
    const normalize = acquainted(normalizerFor());
    normalize(recordOf('first', { SYSLOG_RAW: 'of the first' }));
    const event = normalize(recordOf('second', { SYSLOG_RAW: 'of the second' }));
    expect(event.recall?.remake('second', event.position).fields.get('SYSLOG_RAW')).toBeUndefined();
    expect(event.fields.get('SYSLOG_RAW')).toBe('of the second');
  });

  test.each<[string, LogRecord, boolean]>([
    ['is not valid UTF-8', recordOf(Uint8Array.of(0xff)), true],
    ['was cut', recordOf('line', {}, { truncatedBytes: 3 }), true],
    ['was joined and is not complete', recordOf('line'), false],
    ['has several messages', recordOf(['one', 'other']), true],
    ['has nothing in common with others', testRecord({ ...ofWriter, MESSAGE: 'line' }, { receivedUs }), true],
  ])('can not be had of one that %s', (_, record, complete) => {
    expect(acquainted(normalizerFor())(record, complete).recall).toBeUndefined();
  });
});
