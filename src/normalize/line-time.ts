import type { JsonValue } from '../event/json.ts';

/** A moment as an application wrote it. */
export interface LineTime {
  /** Microseconds since the epoch. */
  readonly timeUs: number;
  /** False where the value says more than `timeUs`: nanoseconds, or the writer's zone. */
  readonly sameMeaning: boolean;
}

/** RFC 3339 section 5.6; a space instead of T is allowed there. Leap seconds are left to whoever reads the data. */
const rfc3339 =
  /^\d{4}-(?:0[1-9]|1[0-2])-(\d\d)[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(\d{1,30}))?([Zz]|[+-][0-2]\d:[0-5]\d)$/;

const longestText = 64;

/** Date.parse takes February 30 for March 2. */
const isDayOfMonth = (date: string, day: number): boolean => day <= 28 || new Date(date).getUTCDate() === day;

const zero = 0x30;

/** The number that `digits` digits of a text are; NaN where they are none. */
const numberAt = (text: string, at: number, digits: number): number => {
  let number = 0;
  for (let index = at; index < at + digits; index += 1) {
    const digit = text.charCodeAt(index) - zero;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number;
};

/** Lines of one second share what costs most: the moment that date and time of day are. */
let latestSecond = '';
let latestSecondUs = 0;

/** UTC with milliseconds, as most loggers write it; NaN for what is written otherwise. */
const fromMilliseconds = (text: string): number => {
  if (text.length !== 24 || text.charCodeAt(23) !== 0x5a || text.charCodeAt(19) !== 0x2e) return Number.NaN;
  if (text.slice(0, 19) !== latestSecond) return Number.NaN;
  return latestSecondUs + numberAt(text, 20, 3) * 1000;
};

const fromText = (text: string): LineTime | undefined => {
  const timeUs = fromMilliseconds(text);
  if (!Number.isNaN(timeUs)) return { timeUs, sameMeaning: true };
  const time = fromAnyText(text);
  if (time !== undefined && text.charCodeAt(10) === 0x54 && text.endsWith('Z')) {
    latestSecond = text.slice(0, 19);
    latestSecondUs = Math.floor(time.timeUs / 1e6) * 1e6;
  }
  return time;
};

const fromAnyText = (text: string): LineTime | undefined => {
  if (text.length > longestText) return undefined;
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [, day, fraction = '', zone] = match;
  const isPlain = text.charAt(10) === 'T' && zone !== 'z';
  const ms = Date.parse(isPlain ? text : text.toUpperCase().replace(' ', 'T'));
  if (Number.isNaN(ms) || !isDayOfMonth(text.slice(0, 10), Number(day))) return undefined;
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const sameMeaning = (zone === 'Z' || zone === 'z') && (fraction.length <= 6 || /^0*$/.test(fraction.slice(6)));
  return { timeUs: Math.floor(ms / 1000) * 1e6 + micros, sameMeaning };
};

/** The years 2000 to 2100 in seconds: their ranges in s, ms, us and ns do not touch, so that the unit needs no telling. */
const oldestSeconds = 946_684_800;
const newestSeconds = 4_102_444_800;

/** Microseconds per unit, as a fraction, so that whole numbers stay whole. */
const units = [
  { perSecond: 1, multiply: 1e6, divide: 1 },
  { perSecond: 1e3, multiply: 1e3, divide: 1 },
  { perSecond: 1e6, multiply: 1, divide: 1 },
  { perSecond: 1e9, multiply: 1, divide: 1e3 },
] as const;

const fromNumber = (value: number): LineTime | undefined => {
  for (const { perSecond, multiply, divide } of units) {
    if (value < oldestSeconds * perSecond || value >= newestSeconds * perSecond) continue;
    const timeUs = Math.round((value * multiply) / divide);
    return { timeUs, sameMeaning: (timeUs * divide) / multiply === value };
  }
  return undefined;
};

/** Digits that a number can't hold: nanoseconds of today. */
const fromDigits = (digits: string): LineTime | undefined => {
  const time = fromNumber(Number(digits));
  return time === undefined ? undefined : { ...time, sameMeaning: false };
};

/** Reads RFC 3339 or seconds, ms, us or ns since the epoch; undefined for what is no plausible moment. */
export const parseLineTime = (value: JsonValue | undefined): LineTime | undefined => {
  if (typeof value === 'string') return fromText(value);
  if (typeof value === 'number') return fromNumber(value);
  return JSON.isRawJSON(value) ? fromDigits(value.rawJSON) : undefined;
};
