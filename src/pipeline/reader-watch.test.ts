import { describe, expect, test } from '@jest/globals';
import { positionOf } from '../../test/support/events.ts';
import { ReaderWatch, type ReaderView } from './reader-watch.ts';

/** A reader that stands at record `newest`. */
const readerAt = (newest: number | undefined, isPaused = false): ReaderView => {
  const position = newest === undefined ? undefined : positionOf(newest);
  return { id: 1, newest: position, isPaused, hasRead: (record) => record.id() === position?.id() };
};

const second = 1000;

describe('ReaderWatch', () => {
  test('tells reading from having read all', () => {
    const watch = new ReaderWatch(0);
    watch.observe([readerAt(7)], second);
    expect(watch.state(2 * second)).toBe('reading');
    expect(watch.state(60 * second)).toBe('idle');
  });

  test('asks for the newest record after a silence, and not all the time', () => {
    const watch = new ReaderWatch(0);
    const reader = readerAt(7);
    watch.observe([reader], 0);
    expect(watch.wantsHead(29 * second)).toBe(false);
    expect(watch.wantsHead(30 * second)).toBe(true);
    watch.sawHead(positionOf(7), [reader], 30 * second);
    expect(watch.wantsHead(59 * second)).toBe(false);
    expect(watch.wantsHead(60 * second)).toBe(true);
  });

  test('takes one for sound that has read all, or is held back', () => {
    const watch = new ReaderWatch(0);
    const idle = readerAt(7);
    watch.observe([idle], 0);
    watch.sawHead(positionOf(7), [idle], 100 * second);
    watch.observe([idle], 101 * second);
    expect(watch.soundAtMs).toBe(100 * second);
    watch.observe([readerAt(7, true)], 200 * second);
    expect({ state: watch.state(200 * second), soundAtMs: watch.soundAtMs }).toEqual({
      state: 'paused',
      soundAtMs: 200 * second,
    });
  });

  test('sees one stand still while the source grows', () => {
    const watch = new ReaderWatch(0);
    const stuck = readerAt(7);
    watch.observe([stuck], 0);
    watch.sawHead(positionOf(8), [stuck], 30 * second);
    watch.sawHead(positionOf(9), [stuck], 60 * second);
    watch.observe([stuck], 61 * second);
    expect({ state: watch.state(61 * second), soundAtMs: watch.soundAtMs }).toEqual({
      state: 'standing still',
      soundAtMs: 30 * second,
    });
    watch.observe([readerAt(9)], 62 * second);
    expect({ state: watch.state(62 * second), soundAtMs: watch.soundAtMs }).toEqual({
      state: 'reading',
      soundAtMs: 62 * second,
    });
  });

  test('makes nothing of a record that never comes, while the source does not grow', () => {
    const watch = new ReaderWatch(0);
    const reader = readerAt(7);
    watch.observe([reader], 0);
    for (const at of [30, 60, 90]) watch.sawHead(positionOf(3), [reader], at * second);
    watch.observe([reader], 91 * second);
    expect({ state: watch.state(91 * second), soundAtMs: watch.soundAtMs }).toEqual({
      state: 'idle',
      soundAtMs: 90 * second,
    });
  });

  test('makes nothing of a source that does not answer, nor of there being no reader', () => {
    const watch = new ReaderWatch(0);
    const reader = readerAt(7);
    watch.observe([reader], 0);
    watch.sawHead(undefined, [reader], 50 * second);
    watch.observe([reader], 51 * second);
    expect(watch.soundAtMs).toBe(50 * second);
    watch.observe([], 99 * second);
    expect({ state: watch.state(99 * second), soundAtMs: watch.soundAtMs }).toEqual({
      state: 'idle',
      soundAtMs: 99 * second,
    });
  });
});
