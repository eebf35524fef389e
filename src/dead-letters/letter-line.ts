import { z } from 'zod';
import { dropReasons } from '../event/drop-reason.ts';
import type { LogEvent } from '../event/event.ts';
import { formatCheckedLine } from './checked-line.ts';
import { type DeadLetter, maxAnswerLength } from './dead-letter.ts';
import { parseLetterId } from './letter-id.ts';
import { reviveEvent, storedEventSchema, storeEvent } from './stored-event.ts';

/** A letter as JSON; its destination is the file's. */
export const storedLetterSchema = z.strictObject({
  id: z.string().refine((id) => parseLetterId(id) !== undefined),
  refusedAtMs: z.number(),
  reason: z.enum(dropReasons),
  answer: z.string(),
  attempts: z.number(),
  key: z.string(),
  isCut: z.boolean(),
  event: storedEventSchema,
});

export type StoredLetter = z.infer<typeof storedLetterSchema>;

/** JSON writes a control character as six bytes. */
const worstEscape = 6;

/** The letter without most of the line and what was made of it: enough to know which line it was. */
const cut = (letter: DeadLetter, maxBytes: number): DeadLetter => {
  const { errors: _, raw: _invalid, source: _source, claimed_time: _time, ...info } = letter.event.info;
  const raw = letter.event.raw.slice(0, Math.floor(maxBytes / 2 / worstEscape)).toWellFormed();
  const event: LogEvent = { ...letter.event, info, raw, message: raw, data: undefined, structured: false };
  return { ...letter, isCut: true, event };
};

const shorten = (text: string): string => text.slice(0, maxAnswerLength);

const storeLetter = (letter: DeadLetter, fieldNames: readonly string[]): StoredLetter => ({
  id: letter.id,
  refusedAtMs: letter.refusedAtMs,
  reason: letter.reason,
  answer: shorten(letter.answer),
  attempts: letter.attempts,
  key: shorten(letter.key),
  isCut: letter.isCut,
  event: storeEvent(letter.event, fieldNames),
});

/** The line of a letter that is stored already. */
export const formatStoredLetter = (letter: StoredLetter): string => formatCheckedLine('letter', letter);

const formatWhole = (letter: DeadLetter, fieldNames: readonly string[]): string =>
  formatStoredLetter(storeLetter(letter, fieldNames));

/** The letter as a line of at most `maxBytes`, the event cut where it must be; undefined when even that is too long. */
export const formatLetter = (
  letter: DeadLetter,
  fieldNames: readonly string[],
  maxBytes: number,
): string | undefined => {
  const fits = (line: string): boolean => Buffer.byteLength(line) <= maxBytes;
  const whole = letter.event.raw.length > maxBytes ? undefined : formatWhole(letter, fieldNames);
  if (whole !== undefined && fits(whole)) return whole;
  const short = formatWhole(cut(letter, maxBytes), []);
  return fits(short) ? short : undefined;
};

/** What {@link formatLetter} wrote. */
export const reviveLetter = (stored: StoredLetter, destination: string): DeadLetter => ({
  ...stored,
  destination,
  event: reviveEvent(stored.event),
});
