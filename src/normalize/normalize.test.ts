import { describe, expect, test } from '@jest/globals';
import type { LogEvent } from '../event/event.ts';
import { levels } from '../event/level.ts';
import { createNormalizer, defaultMaxNewServicesPerHour, type NormalizerOptions } from './normalize.ts';
import { dockerFields, receivedUs, testRecord, type TestValue } from './test-record.ts';

const thisHost = { name: 'this-host', machineId: 'a'.repeat(32), cloud: {} };

const options: NormalizerOptions = {
  host: () => thisHost,
  naming: 'sluice',
  streamField: undefined,
  labels: {},
  maxNewServicesPerHour: defaultMaxNewServicesPerHour,
  onServiceOverflow: () => undefined,
};

const normalize = (fields: Record<string, TestValue>, more: Partial<NormalizerOptions> = {}): LogEvent =>
  createNormalizer({ ...options, ...more })(testRecord(fields));

const line = (message: TestValue, priority = '6'): LogEvent => normalize({ MESSAGE: message, PRIORITY: priority });
const json = (value: unknown, priority = '6'): LogEvent => line(JSON.stringify(value), priority);
const own = (event: LogEvent) => ({
  level: event.level,
  message: event.message,
  ...(event.data && { data: event.data }),
});

describe('a line of text', () => {
  test('is the message as it is, with the level of PRIORITY and the time of the journal', () => {
    expect(line('\u001b[31mred\u001b[0m\r', '3')).toMatchObject({
      message: '\u001b[31mred\u001b[0m\r',
      raw: '\u001b[31mred\u001b[0m\r',
      level: 'ERROR',
      timeUs: receivedUs,
      data: undefined,
      structured: false,
    });
  });

  test.each(levels.map((level, priority) => [priority, level]))('of priority %d is %s', (priority, level) => {
    expect(line('x', String(priority)).level).toBe(level);
  });

  test('takes the first valid of several priorities, and INFO where there is none', () => {
    expect(normalize({ MESSAGE: 'x', PRIORITY: ['nine', '4', '3'] }).level).toBe('WARN');
    expect(normalize({ MESSAGE: 'x', PRIORITY: '8' }).level).toBe('INFO');
    expect(normalize({ MESSAGE: 'x' }).level).toBe('INFO');
  });

  test('that is not valid UTF-8 is kept byte for byte', () => {
    const { message, info } = line(Uint8Array.of(0x61, 0xff));
    expect([message, info.raw]).toEqual(['a\ufffd', 'Yf8=']);
  });

  test('that is not there is empty', () => {
    expect(normalize({ PRIORITY: '6' })).toMatchObject({ message: '', raw: '' });
  });

  test('that is there several times loses none', () => {
    expect(line(['one', 'two']).message).toBe('one\ntwo');
  });

  test.each([['[1]'], ['"text"'], ['1'], ['null'], ['{'], ['{}}'], ['{"a":1} trailing'], ['{a:1}'], ['']])(
    'may look like JSON: %s',
    (text) => {
      expect(line(text)).toMatchObject({ message: text, structured: false });
    },
  );

  test('may be cut off, and joined of pieces of which some are missing', () => {
    const record = testRecord({ MESSAGE: 'x' }, { truncatedBytes: 7 });
    expect(createNormalizer(options)(record, false).info).toMatchObject({ truncated_bytes: 7, incomplete: true });
  });

  test('received at an impossible time does no harm', () => {
    for (const time of [-5, 1.8e19, Number.NaN]) {
      const { timeUs } = createNormalizer(options)(testRecord({ MESSAGE: 'x' }, { receivedUs: time }));
      expect(new Date(timeUs / 1000).getUTCFullYear()).toBeGreaterThanOrEqual(1970);
      expect(timeUs).toBeLessThan(Date.UTC(10_000, 0) * 1000);
    }
  });
});

describe('a line in the ecs-logs schema', () => {
  test('is lifted into the event', () => {
    const event = json({
      level: 'WARN',
      time: '2026-11-22T05:39:59.123456Z',
      info: { source: 'file.go:12:fn', errors: [{ type: '*errors.E', error: 'boom', stack: ['a.go:1:f'] }] },
      data: { status: 200 },
      message: 'request served',
    });
    expect(own(event)).toEqual({ level: 'WARN', message: 'request served', data: { status: 200 } });
    expect(event.timeUs).toBe(Date.UTC(2026, 10, 22, 5, 39, 59) * 1000 + 123_456);
    expect(event.info).toEqual({
      host: 'this-host',
      source: 'file.go:12:fn',
      errors: [{ type: '*errors.E', error: 'boom', stack: ['a.go:1:f'] }],
    });
    expect(event.structured).toBe(true);
  });

  test('says of its origin what it likes, as data', () => {
    const event = json({
      level: 'INFO',
      info: { host: 'forged', id: 'forged', pid: 1, labels: { env: 'forged' }, raw: 'forged', source: 'a:1:f' },
      data: { status: 200 },
      service: 'forged',
      stream: 'forged',
      message: 'm',
    });
    expect(event).toMatchObject({ service: 'host', stream: 'this-host' });
    expect(event.info).toEqual({ host: 'this-host', source: 'a:1:f' });
    expect(event.data).toEqual({
      status: 200,
      service: 'forged',
      stream: 'forged',
      info: { host: 'forged', id: 'forged', pid: 1, labels: { env: 'forged' }, raw: 'forged' },
    });
  });

  test('keeps errors and a source of another shape as data', () => {
    const info = { source: 7, errors: [{ error: 'x', errno: 2 }] };
    expect(json({ info, message: 'm' })).toMatchObject({ data: { info } });
    expect(json({ info, message: 'm' }).info).toEqual({ host: 'this-host' });
  });

  test('shows nothing of what is empty', () => {
    expect(own(json({ level: 'INFO', info: {}, data: {}, message: '' }))).toEqual({ level: 'INFO', message: '' });
    expect(own(json({ level: 'INFO', info: { source: 'a' }, data: null, message: 'm' }))).toEqual({
      level: 'INFO',
      message: 'm',
    });
  });

  test('keeps its shape as data where a name would be used twice', () => {
    const data = { status: 200 };
    expect(json({ level: 'INFO', data, status: 404, message: 'm' }).data).toEqual({ data, status: 404 });
    const clash = { info: { host: 'x' }, data: { info: 1 } };
    expect(json({ ...clash, message: 'm' }).data).toEqual(clash);
  });
});

describe('any other JSON object', () => {
  test('gives level, time and message; the rest is data', () => {
    const event = json({ level: 30, time: 1_795_326_000_123, pid: 7, hostname: 'x', msg: 'hello', req: { id: 1 } });
    expect(own(event)).toEqual({ level: 'INFO', message: 'hello', data: { pid: 7, hostname: 'x', req: { id: 1 } } });
    expect(event.timeUs).toBe(1_795_326_000_123_000);
  });

  test('without a message has none', () => {
    expect(own(json({ a: 1 }))).toEqual({ level: 'INFO', message: '', data: { a: 1 } });
    expect(own(json({ msg: '', message: 5 }))).toEqual({ level: 'INFO', message: '', data: { msg: '', message: 5 } });
    expect(own(json({}))).toEqual({ level: 'INFO', message: '' });
  });

  test('may stand between white space', () => {
    expect(own(line(' \t{"msg":"m"}\r'))).toEqual({ level: 'INFO', message: 'm' });
  });

  test.each([
    ['level', 'info', 'INFO', undefined],
    ['severity', 'Warning', 'WARN', undefined],
    ['lvl', 'err', 'ERROR', undefined],
    ['log.level', 'critical', 'CRIT', undefined],
    ['level', 'emergency', 'EMERG', undefined],
    ['level', 'trace', 'DEBUG', 'trace'],
    ['level', 'FATAL', 'CRIT', 'FATAL'],
    ['level', 20, 'DEBUG', undefined],
    ['level', 10, 'DEBUG', 10],
    ['level', 50, 'ERROR', undefined],
    ['severity', 4, 'WARN', undefined],
    ['level', 'loud', 'NOTICE', 'loud'],
    ['level', 35, 'NOTICE', 35],
    ['level', null, 'NOTICE', null],
    ['level', 'x'.repeat(1000), 'NOTICE', 'x'.repeat(1000)],
  ])('with %s %p is %s', (key, value, level, kept) => {
    expect(own(json({ [key]: value }, '5'))).toEqual({
      level,
      message: '',
      ...(kept !== undefined && { data: { [key]: kept } }),
    });
  });

  test('takes the first level that is one', () => {
    expect(own(json({ level: 'loud', severity: 'error' }))).toEqual({
      level: 'ERROR',
      message: '',
      data: { level: 'loud' },
    });
  });

  test('keeps numbers that a double can not hold', () => {
    const numbers =
      '{"id":12345678901234567890,"tiny":1e-400,"huge":1e400,"pi":3.14159265358979323846,"n":[9007199254740993]}';
    expect(JSON.stringify(line(numbers).data)).toBe(numbers);
    expect(line('{"a":1.5e3,"b":1732255200.123457}').data).toEqual({ a: 1500, b: 1_732_255_200.123457 });
  });

  test('keeps names that are special in JavaScript', () => {
    const text = '{"__proto__":{"polluted":true},"constructor":1,"toJSON":"x"}';
    const { data } = line(text);
    expect(JSON.stringify(data)).toBe(text);
    expect((data as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('with a name used twice stays text and keeps its level and time', () => {
    const text = '{"level":"error","ts":1795326000,"a":{"b":1,"b":2}}';
    expect(line(text)).toMatchObject({
      message: text,
      structured: false,
      data: undefined,
      level: 'ERROR',
      timeUs: 1_795_326_000_000_000,
    });
  });

  test('is not mistaken for having a name twice', () => {
    const tricky = { 'a:b': 'c":"d', 'e\\': '\\":', f: ':', g: { a: ':{' }, h: [{ a: 1 }, { a: 1 }] };
    expect(json(tricky)).toMatchObject({ structured: true, data: tricky });
  });

  test.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('nested too deep stays text: %s', (open, close) => {
    const text = `{"a":${open.repeat(100_000)}1${close.repeat(100_000)}}`;
    expect(line(text)).toMatchObject({ structured: false, message: text });
  });
});

describe('the time of a line', () => {
  const dayUs = 86_400e6;
  const seconds = 1_795_326_000;

  test.each([
    ['2026-11-22T05:40:00Z', 0, undefined],
    ['2026-11-22 05:40:00.5z', 500_000, undefined],
    ['2026-11-22T05:40:00.123456789Z', 123_456, '2026-11-22T05:40:00.123456789Z'],
    ['2026-11-22T07:40:00+02:00', 0, '2026-11-22T07:40:00+02:00'],
    [seconds, 0, undefined],
    [seconds + 0.25, 250_000, undefined],
    [seconds * 1e3 + 7, 7000, undefined],
    [seconds * 1e6 + 7, 7, undefined],
  ])('%p is understood, and kept where it says more', (time, offsetUs, kept) => {
    const event = json({ ts: time });
    expect(event.timeUs).toBe(receivedUs + offsetUs);
    expect(event.data?.['ts']).toBe(kept);
  });

  test('in nanoseconds is understood and kept', () => {
    const event = line(`{"ts":${seconds}123456789}`);
    expect(event.timeUs).toBe(receivedUs + 123_457);
    expect(JSON.stringify(event.data)).toBe(`{"ts":${seconds}123456789}`);
  });

  test.each([
    ['2026-02-30T05:40:00Z'],
    ['2026-11-22T24:00:00Z'],
    ['2026-11-22T05:40:60Z'],
    ['2026-11-22T05:40:00'],
    ['yesterday'],
    [0.35],
    [-1],
    [1e30],
    [true],
    ['2026-11-22T05:40:00.'.padEnd(5000, '1')],
  ])('%p is none and stays data', (time) => {
    expect(json({ time })).toMatchObject({ timeUs: receivedUs, data: { time } });
  });

  test('counts within 24 hours of the journal', () => {
    expect(json({ ts: (receivedUs - dayUs) / 1e3 }).timeUs).toBe(receivedUs - dayUs);
    expect(json({ ts: (receivedUs + dayUs) / 1e3 }).timeUs).toBe(receivedUs + dayUs);
  });

  test('beyond is a claim', () => {
    expect(json({ time: '0001-01-01T00:00:00Z' })).toMatchObject({
      timeUs: receivedUs,
      data: undefined,
      info: { claimed_time: '0001-01-01T00:00:00Z' },
    });
    expect(json({ ts: seconds - 86_401 }).info.claimed_time).toBe('2026-11-21T05:39:59.000000Z');
  });
});

describe('memory', () => {
  test('shares the origin of the lines of a container and never changes a result', () => {
    const once = createNormalizer(options);
    const fields = { ...dockerFields, MESSAGE: 'x' };
    const [first, renamed, again] = [
      once(testRecord(fields)),
      once(testRecord({ ...fields, CONTAINER_NAME: 'other-1' })),
      once(testRecord(fields)),
    ];
    expect([first?.service, renamed?.service, again?.service]).toEqual(['shop-web', 'other', 'shop-web']);
    expect(once(testRecord(fields)).info).toBe(again?.info);
  });

  test('is bounded without changing a result', () => {
    const once = createNormalizer(options);
    for (let pid = 0; pid < 5000; pid += 1) {
      expect(once(testRecord({ MESSAGE: 'x', _PID: String(pid) })).info.pid).toBe(pid);
    }
    expect(once(testRecord({ MESSAGE: 'x', _PID: '1' })).info.pid).toBe(1);
  });

  test('takes in what becomes known of the host', () => {
    let host = { name: 'h', machineId: undefined, cloud: {} };
    const once = createNormalizer({ ...options, host: () => host });
    expect(once(testRecord({ MESSAGE: 'x' })).info.region).toBeUndefined();
    host = { ...host, cloud: { region: 'eu-central-1' } };
    expect(once(testRecord({ MESSAGE: 'x' })).info.region).toBe('eu-central-1');
  });
});
