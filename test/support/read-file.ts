import type { JournalRecord } from '../../src/sources/journald/journal-record.ts';
import { FieldNames } from '../../src/sources/journald/field-names.ts';
import { JournalFile } from '../../src/sources/journald/native/journal-file.ts';

/** Windows to read files through: smaller than what lies in them, larger than all of a file, and the reader's own. */
export const windowKibibytes = [4, 16, 64, 256, 1024, 8192] as const;

const open = (path: string, windowBytes?: number): JournalFile =>
  JournalFile.open(path, {
    names: new FieldNames(undefined),
    maxMessageBytes: 16 * 1024 ** 2,
    ...(windowBytes !== undefined && { windowBytes }),
    onDamage: (_, reason) => {
      throw new Error(reason);
    },
  });

/** All records of a file with all their fields, read one after another as the reader does. Damage is an error. */
export const readFileThrough = (path: string, windowBytes?: number): readonly JournalRecord[] => {
  const file = open(path, windowBytes);
  const records: JournalRecord[] = [];
  for (let stamp = file.peek(); stamp !== undefined; stamp = file.peek()) records.push(...[file.take() ?? []].flat());
  file.close();
  return records;
};

/** The same, each entry decoded by itself: nothing is known of the ones before, and nothing is kept of them. */
export const readFileApart = (path: string): readonly JournalRecord[] => {
  const records: JournalRecord[] = [];
  for (let index = 0, count = 1; index < count; index += 1) {
    const file = open(path);
    count = file.entries;
    file.moveTo(index);
    if (file.peek() !== undefined) records.push(...[file.take() ?? []].flat());
    file.close();
  }
  return records;
};
