import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { eventOf } from '../../test/support/events.ts';
import { cutText, splitEvent } from './split-event.ts';

describe('cutText', () => {
  test('cuts into pieces of at most the size, none torn, that make up the text again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 4, max: 40 }),
        (text, maxBytes) => {
          const pieces = cutText(text, maxBytes);
          expect(pieces.join('')).toBe(text);
          for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(maxBytes);
        },
      ),
    );
  });
});

describe('splitEvent', () => {
  test('gives each part an id, its number and the rest of the event', () => {
    const parts = splitEvent(eventOf({ message: 'abcdef', raw: 'abcdef' }, 7), 4);
    expect(parts.map(({ event }) => [event.position.id(), event.message, event.info.part])).toEqual([
      ['id-7/1', 'abcd', { index: 1, count: 2 }],
      ['id-7/2', 'ef', { index: 2, count: 2 }],
    ]);
    expect(parts[1]?.event.service).toBe('billing');
  });

  test('cuts a message that is not valid UTF-8 without losing a byte', () => {
    const bytes = Buffer.from([0xff, 0x61, 0xfe, 0x62, 0x00, 0x63, 0xc3]);
    const raw = bytes.toString('base64');
    const parts = splitEvent(eventOf({ message: bytes.toString('utf8'), info: { raw } }), 3);
    const rejoined = Buffer.concat(parts.map(({ event }) => Buffer.from(event.info.raw ?? '', 'base64')));
    expect(rejoined).toEqual(bytes);
  });
});
