import { describe, expect, test } from '@jest/globals';
import { Repeats } from './repeats.ts';

const stampOf = ({ time = 10, hash = 1, sequence = 1, boot = 'a' }) => ({
  sequence,
  realtimeUs: time,
  monotonicUs: time,
  bootId: boot,
  hashHigh: 0,
  hashLow: hash,
});

describe('an entry that was handed over from another file', () => {
  const memory = {};
  const disk = {};
  const repeats = new Repeats();
  repeats.add(memory, stampOf({ time: 8, sequence: 1 }), true);
  repeats.add(memory, stampOf({ time: 9, sequence: 2 }), true);
  repeats.add(memory, stampOf({ hash: 1, sequence: 3 }), true);
  repeats.add(memory, stampOf({ hash: 2, sequence: 4 }), true);

  test.each([
    ['is a repeat, whatever its number', disk, stampOf({ hash: 1, sequence: 7 }), true],
    ['is a repeat where others of its microsecond came after it', disk, stampOf({ hash: 2, sequence: 7 }), true],
    ['is a repeat when it is of a time in memory, whatever its number', disk, stampOf({ time: 8, sequence: 7 }), true],
    ['is none when it is older than what was in memory', disk, stampOf({ time: 7, sequence: 2 }), false],
    ['is none where it differs within the same microsecond', disk, stampOf({ hash: 3 }), false],
    ['is none when it is newer', disk, stampOf({ time: 11 }), false],
    ['is none of another boot', disk, stampOf({ time: 9, sequence: 2, boot: 'b' }), false],
    ['is none in the file itself: equal lines are lines', memory, stampOf({ hash: 2 }), false],
  ])('%s', (_, file, stamp, isRepeat) => {
    expect(repeats.has(file, stamp)).toBe(isRepeat);
  });

  test('is none where some between those of memory could not be read there', () => {
    const torn = new Repeats();
    torn.add(memory, stampOf({ time: 6, sequence: 6 }), true);
    torn.add(memory, stampOf({ time: 8, sequence: 8 }), true);
    torn.add(memory, stampOf({ time: 9, sequence: 9 }), true);
    expect([6, 7, 8].map((time) => torn.has(disk, stampOf({ time, sequence: 20 + time })))).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('is none for being older than the newest where nothing was in memory', () => {
    const onDisk = new Repeats();
    onDisk.add(disk, stampOf({ time: 10, sequence: 2 }), false);
    expect(onDisk.has({}, stampOf({ time: 3, sequence: 1 }))).toBe(false);
  });
});
