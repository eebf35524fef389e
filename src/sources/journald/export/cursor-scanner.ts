import { parseCursor } from '../cursor.ts';
import { JournalPosition } from '../position.ts';

const halfDigits = 8;

/** The digits from `at` to `end` as a number; NaN where one is none, or there are none. */
const hexAt = (text: string, at: number, end: number): number => {
  let value = end > at ? 0 : Number.NaN;
  for (let index = at; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) value = value * 16 + code - 0x30;
    else if (code >= 0x61 && code <= 0x66) value = value * 16 + code - 0x57;
    else return Number.NaN;
  }
  return value;
};

/** Reads the cursors of one journal: most are of the counter and the boot of the one before, which need no second look. */
export class CursorScanner {
  #sequenceId = '';
  #bootId = '';
  /** What a cursor with these begins with, and what is between its number and its times. */
  #head = '';
  #middle = '';

  /** The position that the cursor from `start` to `end` of `text` stands for; undefined where that is none. */
  at(text: string, start: number, end: number): JournalPosition | undefined {
    return this.#likeLast(text, start, end) ?? this.#anew(text.slice(start, end));
  }

  #likeLast(text: string, start: number, end: number): JournalPosition | undefined {
    if (this.#head === '' || !text.startsWith(this.#head, start)) return undefined;
    const sequenceAt = start + this.#head.length;
    const sequenceEnd = text.indexOf(';', sequenceAt);
    if (!text.startsWith(this.#middle, sequenceEnd)) return undefined;
    const monotonicAt = sequenceEnd + this.#middle.length;
    const monotonicEnd = text.indexOf(';t=', monotonicAt);
    const realtimeEnd = text.indexOf(';x=', monotonicEnd);
    const hashAt = realtimeEnd + 3;
    if (realtimeEnd < 0 || hashAt > end || end - hashAt > 2 * halfDigits) return undefined;
    const sequence = hexAt(text, sequenceAt, sequenceEnd);
    const monotonicUs = hexAt(text, monotonicAt, monotonicEnd);
    const realtimeUs = hexAt(text, monotonicEnd + 3, realtimeEnd);
    const lowAt = Math.max(hashAt, end - halfDigits);
    const hashLow = hexAt(text, lowAt, end);
    const hashHigh = lowAt === hashAt ? 0 : hexAt(text, hashAt, lowAt);
    if (!Number.isSafeInteger(sequence + monotonicUs + realtimeUs + hashLow + hashHigh)) return undefined;
    const stamp = { sequence, monotonicUs, realtimeUs, bootId: this.#bootId };
    return new JournalPosition(this.#sequenceId, { ...stamp, hashHigh: hashHigh | 0, hashLow: hashLow | 0 });
  }

  #anew(text: string): JournalPosition | undefined {
    const cursor = parseCursor(text);
    if (cursor === undefined) return undefined;
    // Copies: parts of a text keep all of it in memory.
    this.#sequenceId = Buffer.from(cursor.sequenceId).toString('latin1');
    this.#bootId = Buffer.from(cursor.bootId).toString('latin1');
    this.#head = `s=${this.#sequenceId};i=`;
    this.#middle = `;b=${this.#bootId};m=`;
    return JournalPosition.of({ ...cursor, sequenceId: this.#sequenceId, bootId: this.#bootId });
  }
}
