import { describe, expect, test } from '@jest/globals';
import type { LogRecord } from '../event/record.ts';
import { Joiner, type Accepted } from './join.ts';
import type { Joined } from './open-line.ts';
import { streamKeyOf } from './stream-key.ts';
import { dockerFields, receivedUs, testRecord, type TestValue } from './test-record.ts';

const roomy = { maxMessageBytes: 1_048_576, maxOpenLines: 100, maxOpenBytes: 16_777_216 };
const secondUs = 1e6;

const piece = (ordinal: number, last: boolean, message: TestValue, more: Record<string, TestValue> = {}): LogRecord =>
  testRecord({
    ...dockerFields,
    MESSAGE: message,
    CONTAINER_PARTIAL_ID: 'line-1',
    CONTAINER_PARTIAL_ORDINAL: String(ordinal),
    CONTAINER_PARTIAL_LAST: String(last),
    ...(!last && { CONTAINER_PARTIAL_MESSAGE: 'true' }),
    ...more,
  });

const marked = (message: string): LogRecord =>
  testRecord({ ...dockerFields, MESSAGE: message, CONTAINER_PARTIAL_MESSAGE: 'true' });

const stdout = (message: string, more: Record<string, string> = {}): LogRecord =>
  testRecord({ _TRANSPORT: 'stdout', _STREAM_ID: 's1', _PID: '7', MESSAGE: message, ...more });

const first = (container: string): LogRecord =>
  piece(1, false, container, { CONTAINER_ID_FULL: container, CONTAINER_PARTIAL_ID: container });

const later = (record: LogRecord, seconds: number): LogRecord => ({
  ...record,
  position: { ...record.position, receivedUs: receivedUs + seconds * secondUs },
});

const acceptAll = (records: readonly LogRecord[], options = roomy): Accepted[] => {
  const joiner = new Joiner(options);
  return records.map((record, sequence) => joiner.accept(record, sequence));
};

const shown = (joined: Joined | undefined) =>
  joined && {
    message: joined.record.fields.get('MESSAGE'),
    sequences: joined.sequences,
    complete: joined.complete,
  };

const outcome = (accepted: Accepted | undefined) =>
  accepted && {
    kind: accepted.kind,
    ...(accepted.closed.length > 0 && { closed: accepted.closed.map(shown) }),
    ...(accepted.kind === 'joined' && shown(accepted.joined)),
  };

const outcomes = (records: readonly LogRecord[], options = roomy) => acceptAll(records, options).map(outcome);

describe('a line that docker cut', () => {
  test('becomes one record of all its bytes at the first position', () => {
    const accepted = acceptAll([piece(1, false, 'a'.repeat(16_384)), piece(2, false, 'b'), piece(3, true, 'c')]);
    const end = accepted[2];
    expect(outcome(end)).toEqual({
      kind: 'joined',
      message: `${'a'.repeat(16_384)}bc`,
      sequences: [0, 1, 2],
      complete: true,
    });
    expect(end?.kind === 'joined' && end.joined.record.bytes).toBe(16_386);
    expect(accepted.map(({ kind }) => kind)).toEqual(['held', 'held', 'joined']);
  });

  test('of exactly n pieces ends with an empty one', () => {
    expect(outcomes([piece(1, false, 'aa'), piece(2, true, '')])[1]).toEqual({
      kind: 'joined',
      message: 'aa',
      sequences: [0, 1],
      complete: true,
    });
  });

  test('in the middle of a character gets the character back', () => {
    const bytes = Buffer.from('caf\u00e9 \u{1f600}!');
    const cut = bytes.length - 3;
    const [, end] = acceptAll([piece(1, false, bytes.subarray(0, cut)), piece(2, true, bytes.subarray(cut))]);
    expect(outcome(end)).toMatchObject({ message: 'caf\u00e9 \u{1f600}!' });
    expect(end?.kind === 'joined' && end.joined.record.fields.invalidBytes('MESSAGE')).toBeUndefined();
  });

  test('keeps bytes that are no text in any arrangement', () => {
    const [, end] = acceptAll([piece(1, false, 'a'), piece(2, true, Uint8Array.of(0xff, 0x62))]);
    expect(outcome(end)).toMatchObject({ message: 'a\ufffdb' });
    expect(end?.kind === 'joined' && end.joined.record.fields.invalidBytes('MESSAGE')).toEqual(
      Buffer.from([0x61, 0xff, 0x62]),
    );
    expect(end?.kind === 'joined' && end.joined.record.fields.all('MESSAGE')).toEqual(['a\ufffdb']);
    expect(end?.kind === 'joined' && end.joined.record.fields.get('CONTAINER_NAME')).toBe('shop-web-1');
  });

  test('on stdout and one on stderr do not mix', () => {
    const error = { PRIORITY: '3', CONTAINER_PARTIAL_ID: 'line-2' };
    expect(
      outcomes([piece(1, false, 'o'), piece(1, false, 'e', error), piece(2, true, 'ut'), piece(2, true, 'rr', error)]),
    ).toEqual([
      { kind: 'held' },
      { kind: 'held' },
      { kind: 'joined', message: 'out', sequences: [0, 2], complete: true },
      { kind: 'joined', message: 'err', sequences: [1, 3], complete: true },
    ]);
  });

  test('is closed unfinished by the next line of its stream', () => {
    const whole = testRecord({ ...dockerFields, MESSAGE: 'whole' });
    expect(outcomes([piece(1, false, 'prompt> '), whole])[1]).toEqual({
      kind: 'single',
      closed: [{ message: 'prompt> ', sequences: [0], complete: false }],
    });
  });

  test('is closed unfinished by another line that was cut', () => {
    const other = { CONTAINER_PARTIAL_ID: 'line-2' };
    expect(outcomes([piece(1, false, 'a'), piece(1, false, 'b', other), piece(2, true, 'c', other)])).toEqual([
      { kind: 'held' },
      { kind: 'held', closed: [{ message: 'a', sequences: [0], complete: false }] },
      { kind: 'joined', message: 'bc', sequences: [1, 2], complete: true },
    ]);
  });

  test('is closed by any record five seconds of the journal later', () => {
    const elsewhere = testRecord({ MESSAGE: 'elsewhere' });
    expect(outcomes([piece(1, false, 'a'), later(elsewhere, 5), later(elsewhere, 5.1)])).toEqual([
      { kind: 'held' },
      { kind: 'single' },
      { kind: 'single', closed: [{ message: 'a', sequences: [0], complete: false }] },
    ]);
  });

  test('does not span a piece that is missing', () => {
    expect(outcomes([piece(1, false, 'a'), piece(3, true, 'c')])[1]).toEqual({
      kind: 'joined',
      closed: [{ message: 'a', sequences: [0], complete: false }],
      message: 'c',
      sequences: [1],
      complete: false,
    });
  });

  test('goes on as another line where it grows too long', () => {
    const records = [piece(1, false, 'aaa'), piece(2, false, 'bbb'), piece(3, true, 'cc')];
    expect(outcomes(records, { ...roomy, maxMessageBytes: 5 })).toEqual([
      { kind: 'held' },
      { kind: 'held', closed: [{ message: 'aaa', sequences: [0], complete: false }] },
      { kind: 'joined', message: 'bbbcc', sequences: [1, 2], complete: false },
    ]);
  });

  test('is left alone when it was not docker that says so', () => {
    expect(
      outcomes([piece(1, false, 'forged', { _COMM: 'evil', _SYSTEMD_UNIT: 'evil.service', _UID: '1000' })]),
    ).toEqual([{ kind: 'single' }]);
  });
});

describe('a line that an old docker cut without numbers', () => {
  const full = 'x'.repeat(16_384);

  test('ends with the piece that is not marked', () => {
    const end = testRecord({ ...dockerFields, MESSAGE: 'end' });
    expect(outcomes([marked(full), end])[1]).toMatchObject({ kind: 'joined', message: `${full}end`, complete: true });
  });

  test('ends with a marked piece that is not full', () => {
    const next = testRecord({ ...dockerFields, MESSAGE: 'next' });
    expect(outcomes([marked(full), marked('end'), next]).slice(1)).toEqual([
      { kind: 'joined', message: `${full}end`, sequences: [0, 1], complete: true },
      { kind: 'single' },
    ]);
  });
});

describe('a line that journald cut', () => {
  const cut = { _LINE_BREAK: 'line-max' };

  test('is put together up to the piece without a mark', () => {
    expect(
      outcomes([stdout('a', cut), stdout('b', { ...cut, _STREAM_ID: 's2' }), stdout('c', cut), stdout('d')]),
    ).toEqual([
      { kind: 'held' },
      { kind: 'held' },
      { kind: 'held' },
      { kind: 'joined', message: 'acd', sequences: [0, 2, 3], complete: true },
    ]);
  });

  test('does not take the line of another process', () => {
    expect(outcomes([stdout('a', cut), stdout('b', { _PID: '8' })])[1]).toEqual({
      kind: 'single',
      closed: [{ message: 'a', sequences: [0], complete: false }],
    });
  });

  test('ends at the end of the stream', () => {
    expect(outcomes([stdout('a', cut), stdout('b', { _LINE_BREAK: 'eof' })])[1]).toMatchObject({ message: 'ab' });
  });
});

describe('bounds', () => {
  test('close the line opened first when there are too many', () => {
    expect(outcomes([first('a'), first('b'), first('c')], { ...roomy, maxOpenLines: 2 })[2]).toEqual({
      kind: 'held',
      closed: [{ message: 'a', sequences: [0], complete: false }],
    });
  });

  test('close the line opened first when they hold too many bytes', () => {
    const alone = new Joiner(roomy);
    alone.accept(first('a'), 0);
    const joiner = new Joiner({ ...roomy, maxOpenBytes: 2.5 * alone.openBytes });
    for (const [sequence, name] of ['a', 'b'].entries()) joiner.accept(first(name), sequence);
    expect([joiner.openBytes, joiner.oldestOpenSequence]).toEqual([2 * alone.openBytes, 0]);
    expect(outcome(joiner.accept(first('c'), 2))).toMatchObject({ closed: [{ message: 'a' }] });
    expect([joiner.openBytes, joiner.oldestOpenSequence]).toEqual([2 * alone.openBytes, 1]);
  });

  test('close one line of another stream for each record that comes too late for it', () => {
    const joiner = new Joiner(roomy);
    for (const [sequence, name] of ['a', 'b', 'c'].entries()) joiner.accept(first(name), sequence);
    const elsewhere = later(testRecord({ MESSAGE: 'elsewhere' }), 6);
    const closed = [3, 4, 5, 6].map((sequence) => joiner.accept(elsewhere, sequence).closed.map(shown));
    expect(closed.map((lines) => lines.map((line) => line?.message))).toEqual([['a'], ['b'], ['c'], []]);
  });

  test('keep a line that waits to be closed from taking what comes too late for it', () => {
    const joiner = new Joiner(roomy);
    for (const [sequence, name] of ['a', 'b'].entries()) joiner.accept(first(name), sequence);
    const end = piece(2, true, 'late', { CONTAINER_ID_FULL: 'b', CONTAINER_PARTIAL_ID: 'b' });
    expect(outcome(joiner.accept(later(end, 6), 2))).toMatchObject({
      kind: 'joined',
      closed: [{ message: 'a' }, { message: 'b', complete: false }],
      message: 'late',
      complete: false,
    });
  });

  test('leave nothing behind once all lines are closed', () => {
    const joiner = new Joiner(roomy);
    joiner.accept(first('a'), 0);
    expect(joiner.flush(receivedUs + 10 * secondUs)).toEqual([]);
    expect(joiner.flush(receivedUs + 10.1 * secondUs).map(shown)).toEqual([
      { message: 'a', sequences: [0], complete: false },
    ]);
    expect([joiner.openBytes, joiner.oldestOpenSequence]).toEqual([0, undefined]);
  });
});

describe('the key of a stream', () => {
  test('tells stdout and stderr of a container apart', () => {
    const keys = ['6', '3'].map((priority) => streamKeyOf(testRecord({ ...dockerFields, PRIORITY: priority })));
    expect(new Set(keys).size).toBe(2);
  });

  test('is that of stdout for a service, and there is none for a message of its own', () => {
    expect(streamKeyOf(testRecord({ _STREAM_ID: 's1' }))).toBe('stdout s1');
    expect(streamKeyOf(testRecord({ _TRANSPORT: 'syslog' }))).toBeUndefined();
  });
});
