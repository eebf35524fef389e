import { expect, test } from '@jest/globals';
import { exportedRecord } from '../../../test/support/export-entry.ts';
import type { JournalRecord } from './journal-record.ts';
import { JournalPosition } from './position.ts';
import { Renumbered } from './renumbered.ts';

interface Entry {
  readonly counter?: string;
  readonly sequence: number;
  readonly monotonicUs?: number;
  readonly bootId?: string;
  readonly hash?: number;
}

const entryOf = ({ counter = 'c', sequence, monotonicUs = sequence, bootId = 'b'.repeat(32), hash = 1 }: Entry) =>
  new JournalPosition(counter.repeat(32), {
    sequence,
    bootId,
    monotonicUs,
    realtimeUs: monotonicUs,
    hashHigh: 0,
    hashLow: hash,
  });

const machineId = 'e'.repeat(32);

const recordOf = (position: JournalPosition, machine = machineId): JournalRecord =>
  exportedRecord({ __CURSOR: position.cursor(), _MACHINE_ID: machine });

/** Which of the entries are taken for copies, one after the other, and how many it said there are. */
const told = (entries: readonly JournalPosition[], after?: JournalPosition, machine = machineId) => {
  const rows: number[] = [];
  const renumbered = new Renumbered({ machineId, after, onCopies: (count) => rows.push(count) });
  return { copies: entries.map((entry) => renumbered.has(recordOf(entry, machine))), rows };
};

const copies = (...entries: readonly JournalPosition[]): readonly boolean[] => told(entries).copies;

const [yes, no] = [true, false];

test('entries that come again under further numbers are copies, and what follows them is not', () => {
  const inMemory = [1, 2, 3].map((sequence) => entryOf({ sequence }));
  const onDisk = [4, 5, 6].map((sequence) => entryOf({ sequence, monotonicUs: sequence - 3 }));
  expect(told([...inMemory, ...onDisk, entryOf({ sequence: 7 })])).toEqual({
    copies: [no, no, no, yes, yes, yes, no],
    rows: [3],
  });
});

test('the entry that reading goes on after counts as read', () => {
  const onDisk = [4, 5, 6].map((sequence) => entryOf({ sequence, monotonicUs: sequence - 3 }));
  expect(told([...onDisk, entryOf({ sequence: 7 })], entryOf({ sequence: 3 })).copies).toEqual([yes, yes, yes, no]);
});

test('what other machines sent keeps no order, and is no copy', () => {
  const entries = [entryOf({ sequence: 9 }), entryOf({ sequence: 10, monotonicUs: 5 })];
  expect(told(entries, undefined, 'f'.repeat(32)).copies).toEqual([no, no]);
});

test('the newest entries, all of one microsecond, are known in the row of copies, and none before or after it', () => {
  const atNine = (sequence: number, hash: number): JournalPosition => entryOf({ sequence, hash, monotonicUs: 9 });
  const inMemory = [entryOf({ sequence: 1 }), atNine(2, 8), atNine(3, 6), atNine(4, 6)];
  const onDisk = [entryOf({ sequence: 5, monotonicUs: 1 }), atNine(6, 8), atNine(7, 6), atNine(8, 6), atNine(9, 5)];
  expect(copies(...inMemory)).toEqual([no, no, no, no]);
  expect(copies(...inMemory, ...onDisk, atNine(10, 8)).slice(4)).toEqual([yes, yes, yes, yes, no, no]);
});

test.each([
  ['of the same microsecond', entryOf({ sequence: 10, monotonicUs: 9 })],
  ['with a lower number: the journal was set back', entryOf({ sequence: 8, monotonicUs: 5 })],
  ['of another boot', entryOf({ sequence: 10, monotonicUs: 5, bootId: 'a'.repeat(32) })],
  ['of another counter', entryOf({ sequence: 10, monotonicUs: 5, counter: 'd' })],
])('an entry %s is no copy', (_, entry) => {
  expect(copies(entryOf({ sequence: 9 }), entry)).toEqual([no, no]);
});
