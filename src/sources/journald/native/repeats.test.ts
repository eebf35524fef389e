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
  repeats.add(memory, stampOf({ time: 9 }));
  repeats.add(memory, stampOf({ hash: 1 }));
  repeats.add(memory, stampOf({ hash: 2 }));

  test.each([
    ['is a repeat, whatever its number', disk, stampOf({ hash: 1, sequence: 7 }), true],
    ['is a repeat when it is older than the newest', disk, stampOf({ time: 3, hash: 9 }), true],
    ['is none where it differs within the same microsecond', disk, stampOf({ hash: 3 }), false],
    ['is none when it is newer', disk, stampOf({ time: 11 }), false],
    ['is none of another boot', disk, stampOf({ time: 3, boot: 'b' }), false],
    ['is none in the file itself: equal lines are lines', memory, stampOf({ hash: 2 }), false],
  ])('%s', (_, file, stamp, isRepeat) => {
    expect(repeats.has(file, stamp)).toBe(isRepeat);
  });
});
