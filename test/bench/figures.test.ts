import { describe, expect, test } from '@jest/globals';
import { type Figures, medianOf } from './figures.ts';

const figuresOf = (seconds: number, uniqueIds?: number): Figures => ({
  stage: 'file',
  reader: 'native',
  entries: 100,
  seconds,
  linesPerSecond: 100 / seconds,
  cpuSecondsPerMillion: 10 * seconds,
  journalctlCpuSecondsPerMillion: 5,
  startCpuSeconds: undefined,
  peakMib: 100,
  journalctlPeakMib: 10,
  uniqueIds,
  duplicates: undefined,
});

describe('the median of runs', () => {
  test('is the run itself where there is one', () => {
    expect(medianOf(figuresOf(2, 7))).toEqual(figuresOf(2, 7));
  });

  test('is the middle one of three, whatever their order, for each figure', () => {
    expect(medianOf(figuresOf(10), figuresOf(2), figuresOf(4))).toEqual(figuresOf(4));
  });

  test('lies between the middle two of four', () => {
    expect(medianOf(figuresOf(1), figuresOf(2), figuresOf(4), figuresOf(90)).seconds).toBe(3);
  });
});
