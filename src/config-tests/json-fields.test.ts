import { describe, expect, test } from '@jest/globals';
import { JournalFields } from './json-fields.ts';

describe('the fields of an entry', () => {
  test.each([
    ['text', 'a', ['a'], undefined],
    ['nothing', '', [''], undefined],
    ['a value that journalctl withheld', null, [], undefined],
    ['bytes of text', [27, 91, 109], ['\u001b[m'], undefined],
    ['bytes that are no text', [97, 255], ['a\ufffd'], [97, 255]],
    ['several texts', ['a', 'b'], ['a', 'b'], undefined],
    ['texts and bytes', [[255], 'ok', null, [104, 105]], ['\ufffd', 'ok', 'hi'], [255]],
    ['an empty list', [], [], undefined],
    ['what is no value', { a: 1 }, [], undefined],
    ['a number', 1, [], undefined],
  ])('may hold %s', (_, printed, values, invalid) => {
    const fields = new JournalFields({ FIELD: printed });
    expect(fields.all('FIELD')).toEqual(values);
    expect(fields.get('FIELD')).toBe(values[0]);
    expect(fields.invalidBytes('FIELD')).toEqual(invalid === undefined ? undefined : Buffer.from(invalid));
  });

  test('are only those that were printed', () => {
    const fields = new JournalFields({});
    for (const name of ['MESSAGE', 'constructor', 'toString', '__proto__']) {
      expect([fields.get(name), fields.all(name), fields.invalidBytes(name)]).toEqual([undefined, [], undefined]);
    }
  });
});
