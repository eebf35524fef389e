import { describe, expect, test } from '@jest/globals';
import { type Figures, figuresOf, medianOf } from './figures.ts';

const run = (seconds: number, startCpuSeconds?: number): Figures =>
  figuresOf({
    stage: 'file',
    reader: 'native',
    entries: 500_000,
    seconds,
    sustainedLinesPerSecond: undefined,
    cpuSeconds: seconds / 2,
    journalctlCpuSeconds: 1,
    startCpuSeconds,
    peakMib: 100,
    journalctlPeakMib: 10,
    uniqueIds: 7,
    duplicates: undefined,
  });

describe('the figures of a run', () => {
  test('are per second and per million lines, with the start and without', () => {
    expect(run(4, 0.5)).toMatchObject({
      linesPerSecond: 125_000,
      cpuSecondsPerMillion: 4,
      runningCpuSecondsPerMillion: 3,
      journalctlCpuSecondsPerMillion: 2,
    });
  });

  test('leave out what is not known', () => {
    expect(run(4).runningCpuSecondsPerMillion).toBeUndefined();
  });
});

describe('the median of runs', () => {
  test('is the run itself where there is one', () => {
    expect(medianOf(run(2))).toEqual(run(2));
  });

  test('is the middle one of three, whatever their order, for each figure', () => {
    expect(medianOf(run(10), run(2), run(4))).toEqual(run(4));
  });

  test('lies between the middle two of four', () => {
    expect(medianOf(run(1), run(2), run(4), run(90)).seconds).toBe(3);
  });
});
