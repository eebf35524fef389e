import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Loss, SourceError, type LogRecord, type Source, type StartPoint } from '#sdk';
import { bootId, numberedEntries, type TestEntry } from '../support/journal.ts';
import { some } from '../support/some.ts';
import { beginning, messagesOf, readCount, readToHead, readUntil, recordsOf } from '../support/read-records.ts';

/** A journal and a source that reads it. */
export interface SourceFixture {
  readonly source: Source;
  /** Writes entries after those that are there; may be called while the source is read. */
  append(entries: readonly TestEntry[]): Promise<void>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly maxMessageBytes?: number;
}

/** Makes a fixture whose journal holds nothing yet, though it may have its folder. */
export type MakeFixture = (options: FixtureOptions) => Promise<SourceFixture>;

const never = new AbortController().signal;

const entry = (index: number, fields: TestEntry['fields']): TestEntry => {
  const numbered = some(numberedEntries(1, { from: index })[0]);
  return { ...numbered, fields: { _MACHINE_ID: some(numbered.fields['_MACHINE_ID']), ...fields } };
};

const after = (record: LogRecord | undefined): StartPoint => ({
  kind: 'after',
  cursor: some(record).position.cursor(),
});

const lossesAt = (records: readonly LogRecord[]): LogRecord['losses'][] => records.map(({ losses }) => losses);

/** As journald tells that it dropped lines of a unit beyond its rate limit. */
const suppressedBy = (transport: string): TestEntry['fields'] => ({
  MESSAGE: 'Suppressed 12 messages from noisy.service',
  MESSAGE_ID: 'a596d6fe7bfa4994828e72309e95d61e',
  N_DROPPED: '12',
  OBJECT_SYSTEMD_UNIT: 'noisy.service',
  _TRANSPORT: transport,
});

const suppressed: Loss = {
  reason: 'suppressed by journald',
  count: 12,
  owner: { kind: 'unit', unit: 'noisy.service' },
};

/** A line of a container as dockerd counts them. */
const counted = (ordinal: number): TestEntry['fields'] => ({
  MESSAGE: `counted ${ordinal}`,
  _TRANSPORT: 'journal',
  _COMM: 'dockerd',
  _UID: '0',
  CONTAINER_ID_FULL: 'c'.repeat(64),
  CONTAINER_LOG_EPOCH: 'e'.repeat(64),
  CONTAINER_LOG_ORDINAL: String(ordinal),
});

const idsOf = (records: readonly LogRecord[]): readonly string[] => records.map(({ position }) => position.id());

const shapes: readonly (readonly [shape: string, value: string | Uint8Array])[] = [
  ['an empty line', ''],
  ['white space', ' \t '],
  ['several lines', 'first\nsecond\n'],
  ['4 KiB and more', 'x'.repeat(5000)],
  ['100 KB of two-byte characters', '\u00e4'.repeat(50_000)],
  ['colours', '\u001b[31mred\u001b[0m'],
  ['a carriage return', 'windows\r'],
  ['a NUL', 'before\0after'],
  ['C1 controls and DEL', '\u0080\u009f\u007f'],
  ['quotes and backslashes', String.raw`{"a":"\"\\u0041\""}`],
  ['characters beyond the basic plane', '\u{1f600}\u{10ffff}\u2028\ufeff'],
];

/**
 * What every reader of a journal must do. Times and boot ids of the entries are the test's; sequence numbers are up to
 * the journal.
 */
export const describeSource = (name: string, makeFixture: MakeFixture): void => {
  describe(`${name} as a source`, () => {
    let fixture: SourceFixture;
    let source: Source;

    const open = async (options: FixtureOptions = {}): Promise<void> => {
      fixture = await makeFixture(options);
      source = fixture.source;
    };

    beforeEach(async () => {
      await open();
    });

    afterEach(async () => {
      await fixture.close();
    });

    test('hands over every entry once and in order', async () => {
      const entries = numberedEntries(2000);
      await fixture.append(entries);
      const records = await readToHead(source, beginning);
      expect(messagesOf(records)).toEqual(entries.map(({ fields }) => fields['MESSAGE']));
      expect(records.map(({ position }) => position.receivedUs)).toEqual(entries.map(({ realtimeUs }) => realtimeUs));
    });

    test('hands over records in bounded batches', async () => {
      await fixture.append(numberedEntries(2000));
      const messages = await readUntil(source, beginning, (all) => recordsOf(all).length === 2000);
      const sizes = messages.map((message) => (message.kind === 'records' ? message.records.length : 0));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    });

    test('goes on after any entry without losing or repeating one', async () => {
      await fixture.append([...numberedEntries(6), ...numberedEntries(6, { from: 6, boot: 'b' })]);
      const all = await readToHead(source, beginning);
      for (const [index, record] of all.slice(0, -1).entries()) {
        expect(messagesOf(await readToHead(source, after(record)))).toEqual(messagesOf(all.slice(index + 1)));
      }
    });

    test('goes on after any of several equal entries of the same time', async () => {
      const [one] = numberedEntries(1);
      const equal = [one, one, one].filter((each) => each !== undefined);
      await fixture.append([...equal, ...numberedEntries(1, { from: 1 })]);
      const all = await readToHead(source, beginning);
      for (const [index, record] of all.slice(0, -1).entries()) {
        expect(await readToHead(source, after(record))).toHaveLength(3 - index);
      }
    });

    test('gives an entry the same id and cursor in every reading', async () => {
      await fixture.append(numberedEntries(20));
      const [first, second] = await Promise.all([readToHead(source, beginning), readToHead(source, beginning)]);
      expect(idsOf(second)).toEqual(idsOf(first));
      expect(second.map(({ position }) => position.cursor())).toEqual(first.map(({ position }) => position.cursor()));
      expect(new Set(idsOf(first)).size).toBe(20);
    });

    test('gives ids that sort by the time of receipt', async () => {
      await fixture.append(numberedEntries(20));
      const ids = (await readToHead(source, beginning)).map(({ position }) => position.id());
      expect(ids.toSorted()).toEqual(ids);
    });

    test.each(shapes)('hands over %s as it is', async (_, value) => {
      await fixture.append([entry(0, { MESSAGE: value, OTHER: value })]);
      const [record] = await readToHead(source, beginning);
      expect(record?.fields.get('MESSAGE')).toBe(value);
      expect(record?.fields.all('MESSAGE')).toEqual([value]);
      expect(record?.fields.invalidBytes('MESSAGE')).toBeUndefined();
      expect(record?.truncatedBytes).toBe(0);
    });

    test('keeps the bytes of what is not valid UTF-8', async () => {
      const bytes = Buffer.from([0x61, 0xff, 0xed, 0xa0, 0x80, 0x62]);
      await fixture.append([entry(0, { MESSAGE: bytes })]);
      const [record] = await readToHead(source, beginning);
      expect(Buffer.from(record?.fields.invalidBytes('MESSAGE') ?? [])).toEqual(bytes);
      expect(record?.fields.get('MESSAGE')).toBe(bytes.toString('utf8'));
    });

    test('tells an absent field from an empty one', async () => {
      await fixture.append([entry(0, { PRIORITY: '6' }), entry(1, { MESSAGE: '' })]);
      const [absent, empty] = await readToHead(source, beginning);
      expect(absent?.fields.get('MESSAGE')).toBeUndefined();
      expect(absent?.fields.all('MESSAGE')).toEqual([]);
      expect(empty?.fields.get('MESSAGE')).toBe('');
    });

    test('hands over all values of a repeated field', async () => {
      const bytes = Buffer.from([0xff]);
      await fixture.append([entry(0, { MESSAGE: ['one', 'two', bytes], PRIORITY: ['3', '5'] })]);
      const [record] = await readToHead(source, beginning);
      expect(record?.fields.all('MESSAGE').toSorted()).toEqual(['one', 'two', '\ufffd']);
      expect(record?.fields.all('PRIORITY')).toEqual(['3', '5']);
    });

    test('knows no field that an entry does not have, whatever its name', async () => {
      await fixture.append(numberedEntries(1));
      const [record] = await readToHead(source, beginning);
      for (const field of ['CODE_FILE', 'constructor', '__proto__']) expect(record?.fields.get(field)).toBeUndefined();
    });

    test('cuts a longer message between characters and counts what is gone', async () => {
      await fixture.close();
      await open({ maxMessageBytes: 1024 });
      await fixture.append([entry(0, { MESSAGE: `${'x'.repeat(1023)}\u00e4rest` }), entry(1, { MESSAGE: 'next' })]);
      const [record, next] = await readToHead(source, beginning);
      expect(record?.fields.get('MESSAGE')).toBe('x'.repeat(1023));
      expect(record?.truncatedBytes).toBe(6);
      expect(next?.fields.get('MESSAGE')).toBe('next');
    });

    test.each([
      ['text', 'x', 'x'.repeat(3_000_000)],
      ['bytes', '\u001b', '\u001b'.repeat(3_000_000)],
    ])('keeps the head of 3 MB of %s in one line and all that follows', async (_, character, message) => {
      await fixture.append([entry(0, { MESSAGE: message, PRIORITY: '3' }), entry(1, { MESSAGE: 'next' })]);
      const [record, next] = await readToHead(source, beginning);
      expect(record?.fields.get('MESSAGE') === character.repeat(1024 ** 2)).toBe(true);
      expect(record?.truncatedBytes).toBe(3_000_000 - 1024 ** 2);
      expect(record?.fields.get('PRIORITY')).toBe('3');
      expect(next?.fields.get('MESSAGE')).toBe('next');
    });

    test('reads the boots one after another', async () => {
      await fixture.append([
        ...numberedEntries(3, { boot: 'c' }),
        ...numberedEntries(3, { from: 3, boot: 'a' }),
        ...numberedEntries(3, { from: 6, boot: 'b' }),
      ]);
      const records = await readToHead(source, beginning);
      const boots = ['c', 'a', 'b'].flatMap((digit) => Array.from({ length: 3 }, () => bootId(digit)));
      expect(records.map(({ fields }) => fields.get('_BOOT_ID'))).toEqual(boots);
    });

    test('hands over entries of other machines, told apart by their id', async () => {
      const other = 'e'.repeat(32);
      await fixture.append([...numberedEntries(1), ...numberedEntries(1, { from: 1, boot: 'b', machine: other })]);
      const records = await readToHead(source, beginning);
      expect(records.map(({ fields }) => fields.get('_MACHINE_ID'))).toEqual(['f'.repeat(32), other]);
    });

    test('follows what is written while it is read', async () => {
      await fixture.append(numberedEntries(3));
      let appended: Promise<void> | undefined;
      const messages = await readUntil(source, beginning, (all) => {
        const { length } = recordsOf(all);
        if (length === 3) appended ??= fixture.append(numberedEntries(3, { from: 3 }));
        return length >= 6;
      });
      await appended;
      expect(messagesOf(recordsOf(messages))).toEqual(numberedEntries(6).map(({ fields }) => fields['MESSAGE']));
    });

    test('serves several readers at once, each from its own place', async () => {
      await fixture.append(numberedEntries(50));
      const all = await readToHead(source, beginning);
      const readings = await Promise.all([0, 10, 48].map(async (index) => await readToHead(source, after(all[index]))));
      expect(readings.map((records) => records.length)).toEqual([49, 39, 1]);
    });

    test('begins at a time', async () => {
      const entries = numberedEntries(5);
      await fixture.append(entries);
      const point = await source.resolveStart({ kind: 'since', timeUs: entries[2]?.realtimeUs ?? 0 }, never);
      expect(messagesOf(await readToHead(source, point))).toEqual(['line 2', 'line 3', 'line 4']);
    });

    test.each([
      [2, ['line 3', 'line 4']],
      [5, ['line 0', 'line 1', 'line 2', 'line 3', 'line 4']],
      [99, ['line 0', 'line 1', 'line 2', 'line 3', 'line 4']],
    ])('begins %i records before the end', async (records, expected) => {
      await fixture.append(numberedEntries(5));
      const point = await source.resolveStart({ kind: 'last', records }, never);
      expect(messagesOf(await readToHead(source, point))).toEqual(expected);
    });

    test.each([[0], [5]])('begins now, after the %i entries there are', async (count) => {
      await fixture.append(numberedEntries(count));
      const point = await source.resolveStart({ kind: 'now' }, never);
      await fixture.append(numberedEntries(2, { from: count }));
      expect(messagesOf(await readCount(source, point, 2))).toEqual([`line ${count}`, `line ${count + 1}`]);
    });

    test('knows the newest record and how many lie before it', async () => {
      expect(await source.head(never)).toBeUndefined();
      await fixture.append(numberedEntries(5));
      const [first] = await readToHead(source, beginning);
      const head = await source.head(never);
      expect(head?.position.receivedUs).toBe(numberedEntries(5).at(-1)?.realtimeUs);
      expect(head && source.recordsBetween(first?.position.cursor() ?? '', head.position)).toBe(4);
      expect(head && source.recordsBetween('s=0', head.position)).toBeUndefined();
    });

    test('knows by its cursor when a record was received', async () => {
      await fixture.append(numberedEntries(3));
      const records = await readToHead(source, beginning);
      const times = records.map(({ position }) => source.receivedUsOf?.(position.cursor()));
      expect(times).toEqual(numberedEntries(3).map(({ realtimeUs }) => realtimeUs));
      expect(source.receivedUsOf?.('s=0')).toBeUndefined();
    });

    test('tells of no loss where none is', async () => {
      await fixture.append([...numberedEntries(5), entry(5, suppressedBy('journal'))]);
      expect(lossesAt(await readToHead(source, beginning))).toEqual(Array.from({ length: 6 }));
    });

    test('lets the record tell of a loss that tells of it in the journal', async () => {
      await fixture.append([entry(0, { MESSAGE: 'a' }), entry(1, suppressedBy('driver')), entry(2, { MESSAGE: 'b' })]);
      const records = await readToHead(source, beginning);
      expect(lossesAt(records)).toEqual([undefined, [suppressed], undefined]);
      expect(records[1]?.fields.get('MESSAGE')).toBe('Suppressed 12 messages from noisy.service');
    });

    test('tells of a loss at the same record in every reading, and not after it', async () => {
      const missed = {
        MESSAGE: 'Missed 3 kernel messages',
        MESSAGE_ID: 'e9bf28e6e834481bb6f48f548ad13606',
        _TRANSPORT: 'driver',
      };
      await fixture.append([...numberedEntries(2), entry(2, missed), ...numberedEntries(2, { from: 3 })]);
      const all = await readToHead(source, beginning);
      for (const [index, record] of all.slice(0, -1).entries()) {
        expect(lossesAt(await readToHead(source, after(record)))).toEqual(lossesAt(all.slice(index + 1)));
      }
      expect(lossesAt(all).flatMap((losses) => losses ?? [])).toEqual([
        { reason: 'missed by journald', count: 3, owner: { kind: 'kernel' } },
      ]);
    });

    test('tells of lines that dockerd counted and that are not there, a second later', async () => {
      const at = [0, 1, 2, 2000, 2001];
      const ordinals = [7, 8, 12, 13, 14];
      await fixture.append(ordinals.map((ordinal, index) => entry(at[index] ?? 0, counted(ordinal))));
      const loss: Loss = { reason: 'docker ordinals', count: 3, owner: { kind: 'this record' } };
      expect(lossesAt(await readToHead(source, beginning))).toEqual([
        undefined,
        undefined,
        undefined,
        [loss],
        undefined,
      ]);
    });

    test('sees all of it, and says so however often it is asked', async () => {
      await fixture.append(numberedEntries(5));
      const check = await source.check(never);
      expect(check).toMatchObject({ hidden: undefined, gapDetection: { state: 'on', rewound: undefined } });
      await readToHead(source, beginning);
      expect(await source.check(never)).toEqual(check);
    });

    test('knows what it holds', async () => {
      const entries = numberedEntries(5);
      await fixture.append(entries);
      const capacity = some(await source.capacity(never));
      expect(capacity).toMatchObject({ oldestUs: entries[0]?.realtimeUs, newestUs: entries[4]?.realtimeUs });
      expect(capacity.segments.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(capacity.usedBytes);
      expect(capacity.usedBytes).toBeGreaterThan(0);
    });

    test('holds nothing that could be told of before it holds an entry', async () => {
      expect(await source.capacity(never)).toBeUndefined();
    });

    test('does not stall at a cursor ahead of the journal', async () => {
      await fixture.append(numberedEntries(5));
      const [, second] = await readToHead(source, beginning);
      const ahead = second?.position
        .cursor()
        .replace(/;i=[^;]*;b=[^;]*;m=[^;]*;t=[^;]*/, ';i=fff;b=' + bootId('d') + ';m=f;t=fffffffffffff');
      const done = new AbortController();
      const reading = readCount(source, { kind: 'after', cursor: some(ahead) }, 1).finally(() => done.abort());
      for (let from = 5; !done.signal.aborted; from += 1) await fixture.append(numberedEntries(1, { from }));
      expect(messagesOf(await reading)[0]).toMatch(/^line \d+$/);
    });

    test.each(['', 'garbled', 't=zz', 's=0;i=1', 'i=5; rm -rf /'])('refuses %j as a cursor', async (cursor) => {
      await fixture.append(numberedEntries(1));
      await expect(readCount(source, { kind: 'after', cursor }, 1)).rejects.toThrow(SourceError);
    });

    test('ends without an error when it is aborted, also before it begins', async () => {
      await fixture.append(numberedEntries(1));
      expect(recordsOf(await readUntil(source, beginning, () => true))).toHaveLength(1);
      const reading = source.read(new Map([['', beginning]]), AbortSignal.abort());
      expect(await reading[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
    });

    test('may be left in the middle', async () => {
      await fixture.append(numberedEntries(500));
      for await (const message of source.read(new Map([['', beginning]]), never)) {
        expect(message.kind).toBe('records');
        break;
      }
      expect(await readToHead(source, beginning)).toHaveLength(500);
    });
  });
};
