import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type ExportField, formatExport } from '../../../../test/support/export-entry.ts';
import { FieldNames } from '../field-names.ts';
import type { JournalRecord } from '../journal-record.ts';
import { ExportEntries } from './export-entries.ts';

const bootId = 'b'.repeat(32);
const cursorOf = (number: number): string =>
  `s=${'a'.repeat(32)};i=${(number + 1).toString(16)};b=${bootId};m=${(number + 5).toString(16)};t=${(number + 9).toString(16)};x=${(number * 7919).toString(16)}`;

/** What is printed of an entry before its fields; the newer journalctl has two lines more. */
const addressOf = (number: number, isNew: boolean): readonly ExportField[] => [
  ['__CURSOR', cursorOf(number)],
  ['__REALTIME_TIMESTAMP', String(number + 9)],
  ['__MONOTONIC_TIMESTAMP', String(number + 5)],
  ...(isNew
    ? ([
        ['__SEQNUM', String(number + 1)],
        ['__SEQNUM_ID', 'a'.repeat(32)],
      ] as const)
    : []),
  ['_BOOT_ID', bootId],
];

/** Cuts `bytes` at arbitrary places, as a pipe does. */
const inPieces = (bytes: Buffer, cuts: readonly number[]): readonly Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  // Each a memory of its own, which is another's when the next one comes.
  return places.slice(1).map((end, index) => Buffer.from(bytes.subarray(places[index], end)));
};

interface Read {
  readonly records: readonly JournalRecord[];
  readonly strayBytes: number;
}

interface Reading {
  readonly maxMessageBytes?: number;
  readonly wanted?: readonly string[];
  readonly maxRestBytes?: number;
}

const read = (pieces: readonly Buffer[], reading: Reading = {}): Read => {
  const { maxMessageBytes = 1_000_000, wanted, maxRestBytes = 65_536 } = reading;
  let strayBytes = 0;
  const onStray = (bytes: number): void => void (strayBytes += bytes);
  const entries = new ExportEntries({ names: new FieldNames(wanted), maxMessageBytes, onStray, maxRestBytes });
  const records = pieces.flatMap((piece) => {
    const found = entries.push(piece);
    piece.fill(0x21);
    return found;
  });
  return { records, strayBytes };
};

/** All that a record says. */
const saidBy = ({ position, fields, truncatedBytes }: JournalRecord) => ({
  cursor: position.cursor(),
  truncatedBytes,
  fields: [...fields.names()]
    .toSorted()
    .map((name) => [name, fields.all(name), Buffer.from(fields.invalidBytes(name) ?? []).toString('hex')]),
});

const textOf = (value: string | Uint8Array): string => Buffer.from(value).toString();

/** The same, of what was printed. */
const printed = (fields: readonly ExportField[], number: number) => {
  const names = [...new Set(fields.map(([name]) => name))].toSorted();
  const valuesOf = (name: string) => fields.filter(([each]) => each === name).map(([, value]) => value);
  return {
    cursor: cursorOf(number),
    truncatedBytes: 0,
    fields: names.map((name) => {
      const [first = ''] = valuesOf(name);
      const isText = Buffer.from(first).equals(Buffer.from(textOf(first)));
      return [name, valuesOf(name).map(textOf), isText ? '' : Buffer.from(first).toString('hex')];
    }),
  };
};

const anyValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.toWellFormed()),
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom('', 'a=b', '\n\n', `\n__CURSOR=${cursorOf(3)}\n`, 'CONTAINER_ID_FULL=x', '\nCONTAINER_ID_FULL=x\n'),
);
const ofWriter = (id: string, priority: string): readonly ExportField[] => [
  ['_MACHINE_ID', 'c'.repeat(32)],
  ['PRIORITY', priority],
  ['CONTAINER_ID_FULL', id],
  ['CONTAINER_NAME', `name of ${id}`],
];
/** An entry of a writer, with what is its own. */
const entryOf = (number: number, own: readonly ExportField[], priority = '6'): Buffer =>
  formatExport([addressOf(number, false), ofWriter('1', priority), own].flat());
const lineOf = (number: number): Buffer => entryOf(number, [['MESSAGE', `line ${number}`]]);
const brokenLineOf = (number: number): Buffer => entryOf(number, [['MESSAGE', `line\n${number}`]]);

/** Fields in the order in which journald has them: what is shared, then what is the entry's own; or anyhow. */
const anyFields: fc.Arbitrary<readonly ExportField[]> = fc
  .record({
    writer: fc.constantFrom(ofWriter('1', '6'), ofWriter('1', '3'), ofWriter('2', '6'), [['_PID', '7'] as const], []),
    own: fc.array(fc.tuple(fc.constantFrom('MESSAGE', 'TRACE', 'SYSLOG_TIMESTAMP', 'A_1'), anyValue), { maxLength: 5 }),
    isShuffled: fc.constantFrom(false, false, false, true),
  })
  .map(({ writer, own, isShuffled }) => (isShuffled ? [own, writer].flat() : [writer, own].flat()));

/** How much waits for the rest of it before it is taken apart: nothing, some, all. */
const restBytes = [0, 100, 65_536] as const;
const anyRestBytes = fc.constantFrom(...restBytes);

describe('entries in the export format', () => {
  test('are what was printed, whatever is known of their writers and wherever the pipe cuts them', () => {
    fc.assert(
      fc.property(
        fc.array(anyFields, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.boolean(),
        anyRestBytes,
        (all, cuts, isNew, maxRestBytes) => {
          const bytes = Buffer.concat(
            all.map((fields, number) => formatExport([...addressOf(number, isNew), ...fields])),
          );
          const { records, strayBytes } = read(inPieces(bytes, cuts), { maxRestBytes });
          expect(records.map(saidBy)).toEqual(all.map(printed));
          expect(strayBytes).toBe(0);
        },
      ),
    );
  });

  test('share what a writer has in common, also those that the pipe cuts', () => {
    const priorities = ['6', '6', '6', '3', '6'];
    const bytes = Buffer.concat(priorities.map((priority, at) => entryOf(at, [['MESSAGE', `${at}\n`]], priority)));
    for (const maxRestBytes of restBytes) {
      const { records } = read(inPieces(bytes, [bytes.length / 2 - 20]), { maxRestBytes });
      const commons = records.map(({ fields }) => fields.common);
      expect(new Set(commons).size).toBe(2);
      expect(commons[0]).toBe(commons[4]);
      expect(commons).not.toContain(undefined);
    }
  });

  test('have nothing in common with others where they have more than a line of their own', () => {
    const traces = [[], [], [['TRACE', 'x']], []] as const;
    const { records } = read([
      Buffer.concat(traces.map((trace, number) => entryOf(number, [...trace, ['MESSAGE', 'm']]))),
    ]);
    expect(records.map(({ fields }) => fields.get('TRACE'))).toEqual([undefined, undefined, 'x', undefined]);
    expect(records[2]?.fields.common).toBeUndefined();
    expect(records[3]?.fields.common).toBe(records[0]?.fields.common);
  });

  test.each([
    ['several ways of writing', Array.from({ length: 40 }, (_, at) => ({ priority: at % 2 === 0 ? '6' : '3' })), 2],
    ['come to write more', Array.from({ length: 100 }, (_, at) => ({ line: at < 3 ? undefined : '5' })), 2],
    ['come to write less', Array.from({ length: 40 }, (_, at) => ({ line: at < 3 ? '5' : undefined })), 2],
  ])('share what a writer has in common who has %s', (_, ways, sets) => {
    const bytes = ways.map(({ priority = '6', line }: { priority?: string; line?: string | undefined }, number) =>
      entryOf(number, [...(line === undefined ? [] : [['CODE_LINE', line] as const]), ['MESSAGE', 'm']], priority),
    );
    const { records } = read([Buffer.concat(bytes)]);
    const commons = records.map(({ fields }) => fields.common);
    expect(new Set(commons.filter((common) => common !== undefined)).size).toBe(sets);
    expect(commons.slice(-10)).not.toContain(undefined);
    expect(records.map(({ fields }) => fields.get('CODE_LINE'))).toEqual(
      ways.map((way) => ('line' in way ? way.line : undefined)),
    );
  });

  test('have nothing in common with those of another boot', () => {
    const otherBoot = 'd'.repeat(32);
    const bytes = [bootId, bootId, bootId, otherBoot, otherBoot, otherBoot, bootId].map((boot, number) =>
      formatExport([
        ['__CURSOR', cursorOf(number).replace(bootId, boot)],
        ['_BOOT_ID', boot],
        ...ofWriter('1', '6'),
        ['MESSAGE', 'm'],
      ]),
    );
    const { records } = read([Buffer.concat(bytes)]);
    const boots = new Map(records.map(({ fields }) => [fields.common, fields.get('_BOOT_ID')]));
    expect([...boots.values()]).toEqual([bootId, otherBoot]);
    for (const { fields } of records) expect(fields.get('_BOOT_ID')).toBe(boots.get(fields.common));
  });

  test('of much that is the same are not kept for others, nor under a name that a message gave', () => {
    const forged = `x\nCONTAINER_ID_FULL=${'9'.repeat(30_000)}`;
    const large = [0, 1, 2].map((number) =>
      entryOf(number, [
        ['BIG', 'x'.repeat(20_000)],
        ['MESSAGE', 'm'],
      ]),
    );
    const named = [3, 4, 5].map((number) =>
      formatExport([...addressOf(number, false), ['PRIORITY', '6'], ['MESSAGE', `${forged}${number % 2}`]]),
    );
    const { records } = read([Buffer.concat([...large, ...named])]);
    expect(new Set(records.map(({ fields }) => fields.common)).size).toBe(6);
  });

  test('that were cut are of their own size, though they begin alike', () => {
    const sizes = [300_100, 300_200, 300_300];
    const bytes = sizes.map((size, number) => entryOf(number, [['BIG', 'x'.repeat(size)]]));
    const { records } = read([Buffer.concat(bytes)]);
    expect(records.map(({ truncatedBytes }) => truncatedBytes)).toEqual(sizes.map((size) => size - 262_144));
  });

  test('are never what a value looks like, not behind one that journalctl could not finish either', () => {
    const forged = formatExport([...addressOf(500, false), ['_SYSTEMD_UNIT', 'sshd.service'], ['MESSAGE', 'forged']]);
    const unfinished = entryOf(0, [['MESSAGE', `x\n${forged.toString()}`]]).subarray(0, -1);
    const bytes = Buffer.concat([unfinished, lineOf(1)]);
    for (const maxRestBytes of restBytes) {
      for (const size of [1, 50, bytes.length]) {
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          Buffer.from(bytes.subarray(at * size, (at + 1) * size)),
        );
        const { records } = read(pieces, { maxRestBytes });
        expect(records.map(({ fields }) => fields.get('MESSAGE'))).toEqual(['line 1']);
      }
    }
  });

  test('have the fields that are wanted', () => {
    const bytes = formatExport([...addressOf(0, true), ...ofWriter('1', '6'), ['MESSAGE', 'm'], ['OTHER', 'x']]);
    const { records } = read([bytes], { wanted: ['MESSAGE', 'PRIORITY'] });
    expect([...(records[0]?.fields.names() ?? [])].toSorted()).toEqual(['MESSAGE', 'PRIORITY']);
  });

  test.each([
    ['text', 'x'.repeat(200_000)],
    ['text of wide characters', '\u20ac'.repeat(70_000)],
    ['bytes', Buffer.alloc(200_000, 0xfe)],
    ['text with line breaks', 'a\n'.repeat(100_000)],
  ])('keep as much as is wanted of a message of %s, and say what was cut off', (_, message) => {
    const bytes = formatExport([...addressOf(0, false), ['MESSAGE', message], ['PRIORITY', '3']]);
    const inSize = (size: number): readonly Buffer[] =>
      Array.from({ length: Math.ceil(bytes.length / size) }, (__, at) =>
        Buffer.from(bytes.subarray(at * size, (at + 1) * size)),
      );
    for (const pieces of [[Buffer.from(bytes)], inSize(65_536), inSize(4096)]) {
      const [record] = read(pieces, { maxMessageBytes: 100_000 }).records;
      const kept = record?.fields.invalidBytes('MESSAGE') ?? Buffer.from(record?.fields.get('MESSAGE') ?? '');
      expect(Buffer.from(message).subarray(0, kept.length).equals(kept)).toBe(true);
      expect(kept.length).toBeGreaterThan(100_000 - 4);
      expect(kept.length + (record?.truncatedBytes ?? 0)).toBe(Buffer.byteLength(message));
      expect(record?.fields.get('PRIORITY')).toBe('3');
    }
  });

  test('are none when the end was cut off', () => {
    const whole = formatExport([...addressOf(0, false), ['MESSAGE', 'one']]);
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), (length) => {
        expect(read([Buffer.from(whole.subarray(0, length))]).records).toEqual([]);
      }),
    );
  });

  test('are found around notes, and around one that journalctl could not finish', () => {
    const unfinished = lineOf(1).subarray(0, -1);
    const notes = Buffer.from('-- Boot 0123 --\n\n{broken\n{}\n');
    const bytes = Buffer.concat([notes, lineOf(0), unfinished, lineOf(2), notes, lineOf(3)]);
    for (const size of [1, 7, 64, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        Buffer.from(bytes.subarray(at * size, (at + 1) * size)),
      );
      for (const maxRestBytes of restBytes) {
        const { records, strayBytes } = read(
          pieces.map((piece) => Buffer.from(piece)),
          { maxRestBytes },
        );
        expect(records.map(({ fields }) => fields.get('MESSAGE'))).toEqual(['line 0', 'line 2', 'line 3']);
        expect(strayBytes).toBeGreaterThan(0);
      }
    }
  });

  test('are found again behind any damage that is not of a size', () => {
    const printable = fc.array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.nat(),
        printable,
        fc.array(fc.nat(), { maxLength: 3 }),
        anyRestBytes,
        (at, garbage, cuts, rest) => {
          const damaged = brokenLineOf(0);
          const sizeAt = damaged.indexOf('MESSAGE\n') + 8;
          const place = at % (damaged.length - garbage.length);
          fc.pre(place >= sizeAt + 8 || place + garbage.length <= sizeAt);
          damaged.set(garbage, place);
          const bytes = Buffer.concat([damaged, ...[1, 2, 3, 4, 5].map(brokenLineOf)]);
          const { records } = read(inPieces(bytes, cuts), { maxRestBytes: rest });
          const messages = records.map(({ fields }) => fields.get('MESSAGE'));
          expect(messages.slice(-4)).toEqual([2, 3, 4, 5].map((number) => `line\n${number}`));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('are right when there are more writers than are remembered', () => {
    const numbers = Array.from({ length: 3000 }, (_, number) => number % 1500);
    const bytes = numbers.map((writer, number) =>
      formatExport([...addressOf(number, false), ['CONTAINER_ID_FULL', String(writer)], ['MESSAGE', 'm']]),
    );
    const { records } = read([Buffer.concat(bytes)]);
    expect(records.map(({ fields }) => fields.get('CONTAINER_ID_FULL'))).toEqual(numbers.map(String));
  });
});
