import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { batchEntryOf } from '../../test/support/batch-entry.ts';
import { eventOf } from '../../test/support/events.ts';
import type { BatchEntry } from './batch.ts';
import { linesOf } from './lines.ts';
import { TextBuffer } from './text-buffer.ts';

const entryOf = (text: string, texts: TextBuffer | undefined): BatchEntry => {
  const entry = batchEntryOf(eventOf(), text);
  return texts === undefined ? entry : { ...entry, texts, start: texts.append(text, entry.bytes) };
};

/** Now and then one that is larger than the pieces that texts are kept in. */
const anyText = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 700 }) },
  { weight: 1, arbitrary: fc.integer({ min: 10_000, max: 50_000 }).map((length) => 'é'.repeat(length)) },
);

describe('lines', () => {
  test('are the texts with a break behind each, wherever these are kept and in whatever order', () => {
    const kept = fc.array(fc.record({ text: anyText, where: fc.constantFrom(0, 1, undefined) }));
    fc.assert(
      fc.property(kept, fc.infiniteStream(fc.nat()), (lines, shuffle) => {
        const buffers = [new TextBuffer(), new TextBuffer()];
        const entries = lines
          .map(({ text, where }) => entryOf(text, where === undefined ? undefined : buffers[where]))
          .toSorted(() => ((shuffle.next().value ?? 0) % 3) - 1);
        expect(linesOf(entries).toString()).toBe(entries.map(({ text }) => `${text}\n`).join(''));
      }),
    );
  });
});

describe('a buffer of texts', () => {
  test('gives each text back until it is released, whatever came behind it', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1 }), (texts) => {
        const buffer = new TextBuffer();
        const starts = texts.map((text) => buffer.append(text, Buffer.byteLength(text)));
        for (const [index, text] of texts.entries()) {
          expect(buffer.read(starts[index] ?? 0, Buffer.byteLength(text))).toBe(text);
          buffer.release();
        }
        expect(() => buffer.read(0, 1)).toThrow('not kept any more');
      }),
    );
  });
});
