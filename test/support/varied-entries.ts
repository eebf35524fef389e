import { bootId, type FieldValue, numberedEntries, type TestEntry } from './journal.ts';

/** Bytes that no compression makes shorter, the same in every run. */
const noise = (bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  let state = 1;
  for (let index = 0; index < bytes; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    buffer[index] = state >>> 24;
  }
  return buffer;
};

const manyFields = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`FIELD_${index}`, `value ${index}`]));

/** Whatever a field may hold, and entries that share values with others in many ways. */
const variedFields: readonly Readonly<Record<string, FieldValue | readonly FieldValue[]>>[] = [
  { MESSAGE: 'plain' },
  { MESSAGE: '' },
  { PRIORITY: '6' },
  { MESSAGE: Buffer.from([0, 1, 2, 255, 254, 10, 9]) },
  { MESSAGE: 'first\nsecond\n' },
  { MESSAGE: ['one', 'two', Buffer.from([0xff])], PRIORITY: ['3', '5'] },
  { MESSAGE: ['two', 'one'], PRIORITY: ['5', '3', '4'] },
  { MESSAGE: 'many', ...manyFields },
  { MESSAGE: 'x'.repeat(600) },
  { MESSAGE: 'plain', CODE_FILE: 'a.c' },
  { MESSAGE: '\u00e4\u{1f600}'.repeat(3000) },
  { MESSAGE: noise(70_000), OTHER: noise(5000) },
  { MESSAGE: noise(1_000_000) },
  { MESSAGE: 'compressible '.repeat(200_000) },
  { MESSAGE: 'a=b=c', _SYSTEMD_UNIT: 'a.service', _BOOT_ID: bootId('e') },
];

/** Entries of three boots, all kinds of them `rounds` times. */
export const variedEntries = (rounds: number): readonly TestEntry[] =>
  ['c', 'a', 'b'].flatMap((boot, index) => {
    const count = variedFields.length * rounds;
    return numberedEntries(count, { from: index * count, boot }).map(({ bootId: id, monotonicUs, realtimeUs }, at) => ({
      bootId: id,
      monotonicUs,
      realtimeUs,
      fields: { _MACHINE_ID: 'f'.repeat(32), ...variedFields[at % variedFields.length], SERIAL: String(at % 7) },
    }));
  });
