import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anyLetter, keptFields, letterOf, plainLetter } from '../../test/support/dead-letters.ts';
import { eventOf } from '../../test/support/events.ts';
import { formatCheckedLine } from './checked-line.ts';
import type { DeadLetter } from './dead-letter.ts';
import { formatLetter, reviveLetter } from './letter-line.ts';
import { asRecord, formatHead, readSegment } from './segment.ts';

const roomy = 1_000_000;

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-segment-'));
  path = join(directory, '0000000000000001.ndjson');
});

afterEach(() => rm(directory, { recursive: true }));

const lineOf = (letter: DeadLetter, maxBytes = roomy): string => formatLetter(letter, keptFields, maxBytes) ?? '';

const segmentOf = (letters: readonly DeadLetter[]): Buffer =>
  Buffer.from(formatHead('loggly', 1) + letters.map((letter) => asRecord(lineOf(letter))).join(''));

const read = async (content: Buffer | string) => {
  await writeFile(path, content);
  const segment = await readSegment(path);
  return {
    letters: segment?.letters.map((letter) => plainLetter(reviveLetter(letter, 'loggly'))) ?? [],
    damagedLines: segment?.damagedLines ?? 0,
    isTorn: (segment?.wholeBytes ?? 0) < (segment?.bytes ?? 0),
  };
};

describe('A segment of dead letters', () => {
  test('gives back each letter as it was, whatever its event holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLetter, { minLength: 1, maxLength: 3 }), async (letters) => {
        const content = segmentOf(letters);
        expect(await read(content)).toEqual({ letters: letters.map(plainLetter), damagedLines: 0, isTorn: false });
        // One line for each, and one for the file: what `grep` and `jq` want.
        expect(
          content
            .toString()
            .split('\n')
            .filter((line) => line !== ''),
        ).toHaveLength(letters.length + 1);
      }),
    );
  });

  test('notices a damaged byte anywhere and loses that line alone', async () => {
    const letters = [letterOf(1), letterOf(2, { event: eventOf({ message: 'caf\u00e9 \u{1f600}' }) }), letterOf(3)];
    const whole = segmentOf(letters);
    const expected = letters.map(plainLetter);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 2), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const content = Buffer.from(whole);
        content[at] = (content[at] ?? 0) ^ change;
        const { letters: left, damagedLines } = await read(content);
        expect(damagedLines).toBeGreaterThanOrEqual(1);
        expect(left.length).toBeGreaterThanOrEqual(at < whole.indexOf(0x0a) ? 3 : 2);
        for (const letter of left) expect(expected).toContainEqual(letter);
      }),
      { numRuns: 1000 },
    );
  });

  test('knows a last line that was cut short from one that is damaged', async () => {
    const letters = [letterOf(1), letterOf(2)];
    const whole = segmentOf(letters);
    const first = segmentOf(letters.slice(0, 1)).length;
    // The line break that a letter begins with is not worth a word.
    for (let length = first + 2; length < whole.length; length += 1) {
      const { letters: left, damagedLines, isTorn } = await read(whole.subarray(0, length));
      expect({ length, left: left.length, damagedLines, isTorn }).toEqual({
        length,
        left: 1,
        damagedLines: 0,
        isTorn: true,
      });
    }
  });

  test('is refused when a newer version wrote it', async () => {
    const newer = formatCheckedLine('segment', { format: 2, anything: true });
    await expect(read(`${newer}\n`)).rejects.toThrow('has format 2; this version reads up to 1');
  });

  test('is nothing when it is gone', async () => {
    expect(await readSegment(path)).toBeUndefined();
  });
});

describe('A letter too large to keep whole', () => {
  test('is cut, says so, and still shows which line it was', async () => {
    const event = eventOf({ message: '\u0000'.repeat(50_000), service: 'shop' });
    const line = lineOf(letterOf(1, { event }), 16_384);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(16_384);
    const [letter] = (await read(formatHead('loggly', 1) + asRecord(line))).letters;
    expect(letter).toMatchObject({ isCut: true, service: 'shop', bytes: 50_000, answer: '400 bad field' });
    expect(event.raw.startsWith(letter?.raw ?? 'x')).toBe(true);
    expect(letter?.raw.length).toBeGreaterThan(1000);
  });

  test('is cut as well when only what was made of the line is too large', async () => {
    const data = { list: Array.from({ length: 5000 }, (_, index) => index) };
    const [letter] = (
      await read(formatHead('loggly', 1) + asRecord(lineOf(letterOf(1, { event: eventOf({ data }) }), 16_384)))
    ).letters;
    expect(letter).toMatchObject({ isCut: true, raw: 'line 0', data: undefined });
  });

  test('fits whatever it holds', () => {
    fc.assert(
      fc.property(anyLetter, fc.integer({ min: 16_384, max: 20_000 }), (letter, maxBytes) => {
        const line = formatLetter(letter, keptFields, maxBytes);
        expect(line).toBeDefined();
        expect(Buffer.byteLength(line ?? '')).toBeLessThanOrEqual(maxBytes);
      }),
    );
  });
});
