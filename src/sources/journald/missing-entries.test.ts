import { expect, test } from '@jest/globals';
import { exportedRecord } from '../../../test/support/export-entry.ts';
import { GapStatus } from './gap-status.ts';
import { GapTracker } from './gaps.ts';
import type { JournalRecord } from './journal-record.ts';
import { type CountHeld, MissingEntries } from './missing-entries.ts';

const record = (counter: string, sequence: number, boot: string): JournalRecord =>
  exportedRecord({
    __CURSOR: `s=${counter.repeat(32)};i=${sequence.toString(16)};b=${boot.repeat(32)};m=${sequence};t=1;x=1`,
    _MACHINE_ID: 'own',
  });

const holding =
  (held: readonly JournalRecord[]): CountHeld =>
  ({ from, to }, isOne) =>
    held.filter(({ position }) => position.sequence >= from && position.sequence <= to && isOne(position)).length;

/** What is missing before entry 6, which the numbers 1 and 2 of two files that share a counter come before. */
const missingBefore6 = (held: readonly JournalRecord[]): number | 'suspect' => {
  const missing = new MissingEntries(new GapTracker(undefined, new GapStatus()), undefined);
  missing.advance(record('a', 1, 'a'));
  missing.advance(record('b', 2, 'a'));
  return missing.before(record('a', 6, 'c'), holding(held));
};

test('an entry is not missing that a file of the same counter holds, in whatever boot it was written', () => {
  expect(missingBefore6([3, 4, 5].map((sequence) => record('b', sequence, 'b')))).toBe(0);
  expect(missingBefore6([3, 5].map((sequence) => record('b', sequence, 'b')))).toBe(1);
});

test('an entry of another counter and another boot explains nothing', () => {
  expect(missingBefore6([3, 4, 5].map((sequence) => record('d', sequence, 'b')))).toBe('suspect');
});
