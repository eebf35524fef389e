import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { EntryStamp } from '../stamp.ts';
import type { MergedFile } from './counter-merge.ts';
import { Merge } from './merge.ts';
import { type OrderedEntry, orderOf, unknownBoots } from './order.ts';

const compareEntries = orderOf(unknownBoots);

const stampOf = (sequence: number, monotonicUs: number, hashLow = 0): EntryStamp => ({
  sequence,
  realtimeUs: 1_795_000_000_000_000 + monotonicUs,
  monotonicUs,
  bootId: 'b'.repeat(32),
  hashHigh: 0,
  hashLow,
});

/** A file whose entries are known; so many of them are settled. */
class ListedEntries implements MergedFile {
  isBlocked = false;
  next = 0;
  readonly sequenceId: string;
  readonly stamps: readonly EntryStamp[];
  settled: number;

  constructor(sequenceId: string, stamps: readonly EntryStamp[], settled = stamps.length) {
    this.sequenceId = sequenceId;
    this.stamps = stamps;
    this.settled = settled;
  }

  get isSettled(): boolean {
    return this.next < this.settled;
  }

  peek(): OrderedEntry | undefined {
    const stamp = this.stamps[this.next];
    return stamp && { ...stamp, sequenceId: this.sequenceId };
  }
}

const readAll = (files: readonly ListedEntries[]): readonly EntryStamp[] => {
  const merge = new Merge<ListedEntries>(compareEntries);
  merge.reset(files);
  const read: EntryStamp[] = [];
  for (let file = merge.next(); file !== undefined; file = merge.next()) {
    read.push(...file.stamps.slice(file.next, file.next + 1));
    file.next += 1;
  }
  return read;
};

describe('files that are merged', () => {
  const scattered = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }), fc.nat()), { maxLength: 200 });

  test('give the order in which one journald wrote them, numbered together or each by itself', () => {
    fc.assert(
      fc.property(scattered, fc.boolean(), (entries, isCommon) => {
        let nowUs = 0;
        const written = entries.map(([file, waitUs, hash], index) => {
          nowUs += waitUs + (isCommon ? 0 : 1);
          return { file, stamp: stampOf(index + 1, nowUs, hash | 0) };
        });
        const files = [0, 1, 2, 3].map((number) => {
          const own = written.filter(({ file }) => file === number).map(({ stamp }) => stamp);
          return new ListedEntries(isCommon ? 'a' : String(number), own);
        });
        expect(readAll(files)).toEqual(written.map(({ stamp }) => stamp));
      }),
    );
  });

  test('keep each counter by its numbers, however the time of day was set', () => {
    const boot = fc.record({
      clockUs: fc.integer({ min: -50, max: 50 }),
      lines: fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 9 })), { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(fc.array(boot, { minLength: 1, maxLength: 4 }), (boots) => {
        let sequence = 0;
        const written = boots.flatMap(({ clockUs, lines }, bootNumber) => {
          let monotonicUs = 0;
          return lines.map(([counter, waitUs]) => {
            monotonicUs += waitUs + 1;
            sequence += 1;
            const stamp = { ...stampOf(sequence, monotonicUs, sequence), bootId: String(bootNumber) };
            return { counter, stamp: { ...stamp, realtimeUs: stamp.realtimeUs + clockUs } };
          });
        });
        const stampsOf = (counter: number): readonly EntryStamp[] =>
          written.flatMap((line) => (line.counter === counter ? line.stamp : []));
        const counters = [0, 1, 2];
        const files = counters.flatMap((counter) =>
          boots.map((_, bootNumber) => {
            const own = stampsOf(counter).filter(({ bootId }) => bootId === String(bootNumber));
            return new ListedEntries(String(counter), own);
          }),
        );
        const read = readAll(files);
        expect(read).toHaveLength(written.length);
        for (const counter of counters) {
          const own = new Set(stampsOf(counter));
          expect(read.filter((stamp) => own.has(stamp))).toEqual([...own]);
        }
      }),
    );
  });

  test('are read on where numbers contradict the clock', () => {
    const one = new ListedEntries('a', [stampOf(1, 5), stampOf(2, 6)]);
    const other = new ListedEntries('a', [stampOf(3, 1), stampOf(4, 2)]);
    const foreign = new ListedEntries('b', [stampOf(9, 3)]);
    expect(readAll([one, other, foreign])).toHaveLength(5);
  });

  test('hold back what another file may still come before', () => {
    const one = new ListedEntries('a', [stampOf(1, 1), stampOf(3, 3), stampOf(5, 5)], 1);
    const other = new ListedEntries('a', [stampOf(2, 2), stampOf(4, 4)]);
    expect(readAll([one, other]).map(({ sequence }) => sequence)).toEqual([1, 2]);
    one.settled = 3;
    expect(readAll([one, other]).map(({ sequence }) => sequence)).toEqual([3, 4, 5]);
  });

  test('wait while one of them is blocked', () => {
    const one = new ListedEntries('a', []);
    one.isBlocked = true;
    expect(readAll([one, new ListedEntries('a', [stampOf(2, 2)])])).toEqual([]);
  });
});

describe('the order of entries', () => {
  const entry = fc.record({
    sequenceId: fc.constantFrom('x', 'y'),
    sequence: fc.integer({ min: 1, max: 5 }),
    realtimeUs: fc.nat({ max: 3 }),
    monotonicUs: fc.nat({ max: 3 }),
    bootId: fc.constantFrom('a', 'b'),
    hashHigh: fc.integer({ min: -2, max: 2 }),
    hashLow: fc.integer({ min: -2, max: 2 }),
  });

  test('is the same from both sides', () => {
    fc.assert(
      fc.property(entry, entry, (one, other) => {
        expect(Math.sign(compareEntries(one, other)) + Math.sign(compareEntries(other, one))).toBe(0);
      }),
    );
  });

  test('takes hashes for the unsigned numbers that they are', () => {
    const low = { ...stampOf(1, 1, 0x7fff_ffff), sequenceId: 'x' };
    expect(compareEntries(low, { ...stampOf(1, 1, -1), sequenceId: 'y' })).toBeLessThan(0);
  });
});
