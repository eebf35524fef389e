import { describe, expect, test } from '@jest/globals';
import { exportedRecord } from '../../../test/support/export-entry.ts';
import { GapStatus } from './gap-status.ts';
import { GapTracker, type NumberedEntry } from './gaps.ts';
import type { JournalRecord } from './journal-record.ts';

const cursorOf = (counter: string, sequence: number, timeUs = 1): string =>
  `s=${counter.repeat(32)};i=${sequence.toString(16)};b=${'b'.repeat(32)};m=1;t=${timeUs.toString(16)};x=1`;

const record = (counter: string, sequence: number, machine = 'own', timeUs = 1): JournalRecord => {
  return exportedRecord({ __CURSOR: cursorOf(counter, sequence, timeUs), _MACHINE_ID: machine });
};

/** What is missing before each record, read one after another. */
const missingBefore = (
  records: readonly JournalRecord[],
  after?: NumberedEntry,
  status = new GapStatus(),
): readonly number[] => {
  const gaps = new GapTracker(after, status);
  return records.map((each) => {
    const missing = gaps.missingBefore(each);
    gaps.advance(each);
    return missing;
  });
};

/** What several readers of the same records find out. */
const detectionAfter = (...readings: readonly (readonly JournalRecord[])[]) => {
  const status = new GapStatus();
  for (const records of readings) missingBefore(records, undefined, status);
  return status.detection(undefined);
};

describe('entries that are missing', () => {
  test('are those between two numbers', () => {
    expect(missingBefore([record('a', 5), record('a', 6), record('a', 10), record('a', 11)])).toEqual([0, 0, 3, 0]);
  });

  test('are counted from the cursor that reading goes on after', () => {
    expect(missingBefore([record('a', 8)], record('a', 5).position)).toEqual([2]);
    expect(missingBefore([record('a', 6)], record('a', 5).position)).toEqual([0]);
  });

  test('are not claimed where another counter begins', () => {
    expect(missingBefore([record('a', 5), record('b', 900), record('b', 902)])).toEqual([0, 0, 1]);
    expect(missingBefore([record('b', 900)], record('a', 5).position)).toEqual([0]);
  });

  test('are counted over files that share a counter under several names', () => {
    expect(missingBefore([record('a', 5), record('b', 6), record('a', 7), record('b', 9)])).toEqual([0, 0, 0, 1]);
    expect(missingBefore([record('b', 6), record('a', 9)], record('a', 5).position)).toEqual([0, 2]);
  });

  test('are not claimed when numbers run backwards', () => {
    expect(missingBefore([record('a', 500), record('a', 20), record('a', 21), record('a', 23)])).toEqual([0, 0, 0, 1]);
  });

  test('are not claimed once counters were found to take turns, also where their numbers met by chance', () => {
    const turns = [100, 101, 102, 103].flatMap((sequence) => [record('a', sequence), record('b', sequence + 1)]);
    const apart = [record('a', 500), record('b', 700), record('a', 600)];
    expect(missingBefore([record('a', 99), ...turns, ...apart])).toEqual(Array(12).fill(0));
  });

  test('are counted for each machine by itself', () => {
    const records = [record('a', 1), record('b', 70, 'other'), record('a', 2), record('b', 72, 'other')];
    expect(missingBefore(records)).toEqual([0, 0, 0, 1]);
  });
});

describe('whether missing entries can be told', () => {
  test('is known while numbers rise, also where a reboot or a user begins a new counter', () => {
    const on = { state: 'on', rewound: undefined };
    expect(detectionAfter([record('a', 5), record('a', 9), record('b', 1), record('c', 1)])).toEqual(on);
    expect(detectionAfter([record('a', 5), record('b', 6), record('a', 7), record('b', 9), record('a', 11)])).toEqual(
      on,
    );
    expect(detectionAfter([record('a', 5), record('b', 7), record('a', 9), record('b', 11)])).toEqual(on);
  });

  test('is told with when numbers ran backwards, once however many readers came by', () => {
    const set = [record('a', 500), record('a', 20, 'own', 7_000_000), record('a', 21, 'own', 8_000_000)];
    expect(detectionAfter(set, set)).toEqual({ state: 'on', rewound: { count: 1, lastUs: 7_000_000 } });
  });

  test('is off where several counters take turns', () => {
    const turns = Array.from({ length: 10 }, (_, index) => record('ab'[index % 2] ?? '', 100 * index));
    expect(detectionAfter(turns)).toEqual({
      state: 'off',
      reason: 'several counters number the entries of one machine',
    });
  });

  test('is off where entries are hidden, whatever was found before', () => {
    const status = new GapStatus();
    expect(status.detection('no right to read x')).toEqual({ state: 'off', reason: 'no right to read x' });
  });
});
