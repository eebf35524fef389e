import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { BatchEntry } from '#sdk';
import { batchEntryOf } from '../../test/support/batch-entry.ts';
import { eventOf } from '../../test/support/events.ts';
import { buildRequest, readAnswer } from './request.ts';

const target = { group: 'billing', stream: 'billing-1' };
const entriesAt = (...timesMs: readonly number[]): readonly BatchEntry[] =>
  timesMs.map((timeMs, index) => batchEntryOf(eventOf({}, index), `line ${index}`, timeMs));
const verdictsOf = (timesMs: readonly number[], info: Parameters<typeof readAnswer>[1]) => {
  const result = readAnswer(buildRequest(target, entriesAt(...timesMs)), info);
  return result.status === 'partial' ? result.rejected.map(({ index, as }) => [index, as]) : result.status;
};

describe('requests', () => {
  test('events are sorted by millisecond, and lines of one millisecond keep their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1 }), (timesMs) => {
        const { input, batchIndexes } = buildRequest(target, entriesAt(...timesMs));
        const expected = timesMs
          .map((timeMs, index) => ({ index, timestamp: Math.floor(timeMs) }))
          .toSorted((one, other) => one.timestamp - other.timestamp || one.index - other.index);
        expect(batchIndexes).toEqual(expected.map(({ index }) => index));
        expect(input.logEvents).toEqual(
          expected.map(({ index, timestamp }) => ({ timestamp, message: `line ${index}` })),
        );
      }),
    );
  });

  test('times before 1970 are sent as its first millisecond', () => {
    expect(buildRequest(target, entriesAt(-5)).input.logEvents).toEqual([{ timestamp: 0, message: 'line 0' }]);
  });
});

describe('answers', () => {
  test('an answer without ranges is a delivery', () => {
    expect(verdictsOf([1, 2, 3], undefined)).toBe('delivered');
    expect(verdictsOf([1, 2, 3], {})).toBe('delivered');
    expect(verdictsOf([1, 2, 3], { tooOldLogEventEndIndex: 0, tooNewLogEventStartIndex: 3 })).toBe('delivered');
  });

  test('ranges of what was sent are told as indexes of the batch', () => {
    expect(verdictsOf([30, 10, 20], { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 })).toEqual([
      [1, 'too old'],
      [0, 'too new'],
    ]);
  });

  test('expired events are too old, and the end of their range is not among them', () => {
    expect(verdictsOf([1, 2, 3], { expiredLogEventEndIndex: 2 })).toEqual([
      [0, 'too old'],
      [1, 'too old'],
    ]);
  });

  test('ranges that overlap or pass the end name each event once', () => {
    expect(
      verdictsOf([1, 2], { tooOldLogEventEndIndex: 9, expiredLogEventEndIndex: 1, tooNewLogEventStartIndex: 0 }),
    ).toEqual([
      [0, 'too old'],
      [1, 'too old'],
    ]);
  });
});
