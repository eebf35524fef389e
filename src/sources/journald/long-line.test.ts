import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { JournalFields } from './fields.ts';
import { LongLine } from './long-line.ts';

const limit = 100;

const parse = (text: string, maxMessageBytes = limit): LongLine => {
  const line = new LongLine(maxMessageBytes);
  const bytes = Buffer.from(text);
  const pieceBytes = Math.ceil(bytes.length / 97);
  for (let at = 0; at < bytes.length; at += pieceBytes) line.push(bytes.subarray(at, at + pieceBytes));
  return line;
};

const name = fc.constantFrom('MESSAGE', 'A', 'B_1', '_C', '__D');
const text = fc.string({ unit: 'binary', maxLength: 30 });
const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 30 });
const value = fc.oneof(text, bytes);
const entry = fc.dictionary(
  name,
  fc.oneof(value, fc.constant(null), fc.array(fc.oneof(text, bytes), { minLength: 2 })),
);

/** What a list of fields says; a text of lone surrogates is none in UTF-8. */
const read = (fields: JournalFields, names: readonly string[]) =>
  names.map((each) => fields.all(each).map((one) => Buffer.from(one).toString()));

describe('a line that is taken apart while it comes', () => {
  test('is understood as JSON.parse does', () => {
    fc.assert(
      fc.property(entry, (fields) => {
        const line = parse(JSON.stringify(fields), 1_000_000);
        const names = Object.keys(fields);
        expect(read(new JournalFields(line.entry()), names)).toEqual(read(new JournalFields(fields), names));
        expect(line.droppedBytes).toBe(0);
      }),
    );
  });

  test('keeps as much of the message as is wanted, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: limit, maxLength: 2 * limit }),
        fc.boolean(),
        (message, first) => {
          const rest = { __CURSOR: 's=1', PRIORITY: '3' };
          const line = parse(JSON.stringify(first ? { MESSAGE: message, ...rest } : { ...rest, MESSAGE: message }));
          const fields = new JournalFields(line.entry());
          const kept = fields.get('MESSAGE') ?? '';
          expect(message.startsWith(kept)).toBe(true);
          expect(Buffer.byteLength(kept)).toBeGreaterThan(limit - 4);
          expect(Buffer.byteLength(kept) + line.droppedBytes).toBe(Buffer.byteLength(message));
          expect([fields.get('__CURSOR'), fields.get('PRIORITY')]).toEqual(['s=1', '3']);
        },
      ),
    );
  });

  test('keeps as many bytes of a message that is no text', () => {
    const line = parse(JSON.stringify({ MESSAGE: Array.from({ length: 250 }, (_, index) => index), PRIORITY: '3' }));
    const fields = new JournalFields(line.entry());
    expect(fields.invalidBytes('MESSAGE')).toBeUndefined();
    expect(fields.get('MESSAGE')).toBe(Buffer.from(Array.from({ length: limit }, (_, index) => index)).toString());
    expect(line.droppedBytes).toBe(150);
    expect(fields.get('PRIORITY')).toBe('3');
  });

  test('keeps a bounded part of all other fields together', () => {
    const others = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`F${index}`, 'x'.repeat(100_000)]));
    const line = parse(JSON.stringify({ ...others, __CURSOR: 's=1', _BOOT_ID: 'b' }));
    const fields = new JournalFields(line.entry());
    const kept = Object.keys(others).reduce((total, each) => total + (fields.get(each)?.length ?? 0), 0);
    expect(kept).toBe(1_048_576);
    expect(kept + line.droppedBytes).toBe(10_000_000);
    expect([fields.get('__CURSOR'), fields.get('_BOOT_ID')]).toEqual(['s=1', 'b']);
  });

  test.each(['', '-- Boot 0123 --', '{', '{"', '{"A"', '{"A":', '{"A":"', '{"A":[1', ']]]]', '}{', '"":"'])(
    'gives no entry for %j and does not fail',
    (broken) => {
      expect(new JournalFields(parse(broken).entry()).get('A')).toBeUndefined();
    },
  );
});
