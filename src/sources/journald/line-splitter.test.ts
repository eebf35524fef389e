import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type JournalLine, LineSplitter } from './line-splitter.ts';

const maxMessageBytes = 1024;
/** Longer lines are taken apart while they come. */
const longerThanKept = maxMessageBytes + 262_144 + 1;

/** Cuts `bytes` at arbitrary places, as a pipe does. */
const inPieces = (bytes: Buffer, cuts: readonly number[]): readonly Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

const split = (pieces: readonly Buffer[]): readonly JournalLine[] => {
  const splitter = new LineSplitter(maxMessageBytes);
  return pieces.flatMap((piece) => splitter.push(piece));
};

const textsOf = (lines: readonly JournalLine[]): readonly string[] =>
  lines.map((line) => (line.kind === 'text' ? line.text : `long: ${line.line.bytes}`));

describe('lines of journalctl', () => {
  test('are the same wherever the pipe cuts them', () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ''));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''));
        const found = split(inPieces(bytes, cuts));
        expect(textsOf(found)).toEqual(lines.map((each) => Buffer.from(each).toString()));
        expect(found.map((each) => (each.kind === 'text' ? each.bytes : 0))).toEqual(
          lines.map((each) => Buffer.byteLength(each)),
        );
      }),
    );
  });

  test('are none when the end was cut off', () => {
    expect(textsOf(split([Buffer.from('one\ntwo')]))).toEqual(['one']);
  });

  test('that are too long are told apart from those around them', () => {
    const bytes = Buffer.from(`before\n${'x'.repeat(longerThanKept)}\nafter\n`);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
      bytes.subarray(index * 65_536, (index + 1) * 65_536),
    );
    expect(textsOf(split(pieces))).toEqual(['before', `long: ${longerThanKept}`, 'after']);
  });
});
