import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isLineField } from '../../event/record.ts';
import { type JournalEntry, JournalFields } from './fields.ts';
import { SharedEntries } from './shared-entries.ts';

const anyValue = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', '') },
  fc.constantFrom(null, [1, 255], ['a', [2]], 'constructor'),
);
const names = [
  '_PID',
  'PRIORITY',
  'CONTAINER_ID_FULL',
  'CODE_LINE',
  '_HOSTNAME',
  'OWN',
  'MESSAGE',
  '__CURSOR',
  'SYSLOG_TIMESTAMP',
];
const entries = fc.array(fc.dictionary(fc.constantFrom(...names), anyValue, { noNullPrototype: true }), {
  maxLength: 40,
});

const entryOf = (message: string): JournalEntry => ({ _PID: '1', _HOSTNAME: 'host', MESSAGE: message });

const seen = (fields: JournalFields, name: string) => [
  fields.get(name),
  fields.all(name),
  fields.repeats(name),
  fields.invalidBytes(name),
];

test('the fields of entries are what was printed of each, whatever they have in common', () => {
  fc.assert(
    fc.property(entries, (printed) => {
      const shared = new SharedEntries();
      for (const entry of printed) {
        const fields = shared.fieldsOf(entry);
        for (const name of [...names, 'toString'])
          expect(seen(fields, name)).toEqual(seen(new JournalFields(entry), name));
        expect(fields.names().toSorted()).toEqual(Object.keys(entry).toSorted());
      }
    }),
  );
});

test('entries with one object in common agree in all but the fields of a line', () => {
  fc.assert(
    fc.property(entries, (printed) => {
      const shared = new SharedEntries();
      const firsts = new Map<object, JournalEntry>();
      for (const entry of printed) {
        const { common } = shared.fieldsOf(entry);
        const first = common === undefined ? undefined : firsts.get(common);
        if (common !== undefined && first === undefined) firsts.set(common, entry);
        for (const name of names) {
          if (first === undefined || isLineField(name)) continue;
          expect(entry[name]).toEqual(first[name]);
        }
      }
    }),
  );
});

test('a writer whose entries are alike has them in common', () => {
  const shared = new SharedEntries();
  const [one, other] = [shared.fieldsOf(entryOf('one')), shared.fieldsOf(entryOf('other'))];
  expect(one.common).toBe(other.common);
  expect([one.get('MESSAGE'), other.get('MESSAGE'), other.get('_HOSTNAME')]).toEqual(['one', 'other', 'host']);
});

test('a name that is no member is that of no field', () => {
  const entry = JSON.parse('{"_PID":"1","__proto__":"x","MESSAGE":"m"}') as JournalEntry;
  const shared = new SharedEntries();
  for (let times = 0; times < 2; times += 1) expect(shared.fieldsOf(entry).get('MESSAGE')).toBe('m');
  expect(({} as JournalEntry)['x']).toBeUndefined();
});
