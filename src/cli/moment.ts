import { parseStart } from '#sdk';
import { AgentError } from './agent-client.ts';
import { exitCode } from './exit-code.ts';

/** What {@link parseMoment} reads, for messages. */
export const momentForms = '2h, 1d12h, 13:10, yesterday, 2026-11-22, 2026-11-22T05:40:00 or 2026-11-22T05:40:00Z';

const dayMs = 86_400_000;

const clockPattern = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
/** Without an offset: where the reader sits. */
const localPattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?$/;

const midnight = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);

const named = (text: string, nowMs: number): number | undefined => {
  switch (text) {
    case 'now':
      return nowMs;
    case 'today':
      return midnight(nowMs);
    case 'yesterday':
      // Noon, as a day may have 23 hours or 25.
      return midnight(midnight(nowMs) - dayMs / 2);
    default:
      return undefined;
  }
};

/** The last time that the clock showed so. */
const onTheClock = (text: string, nowMs: number): number | undefined => {
  const [found, hours, minutes, seconds = '0'] = clockPattern.exec(text) ?? [];
  if (found === undefined) return undefined;
  const at = (dayOfMs: number): number =>
    new Date(dayOfMs).setHours(Number(hours), Number(minutes), Number(seconds), 0);
  const today = at(nowMs);
  return today <= nowMs ? today : at(midnight(nowMs) - dayMs / 2);
};

const local = (text: string): number | undefined => {
  const [found, date = '', time = '00:00'] = localPattern.exec(text) ?? [];
  const ms = found === undefined ? Number.NaN : Date.parse(`${date}T${time}`);
  return Number.isNaN(ms) ? undefined : ms;
};

/**
 * Milliseconds since the epoch of what people write for a moment that has passed: how long ago, a time of day, a day, a
 * date and time (local, unless it says otherwise). Undefined for anything else.
 */
export const parseMoment = (text: string, nowMs: number): number | undefined => {
  const known = named(text, nowMs) ?? onTheClock(text, nowMs) ?? local(text);
  if (known !== undefined) return known;
  const start = parseStart(text);
  if (start?.kind === 'ago') return nowMs - start.ms;
  return start?.kind === 'since' ? start.timeUs / 1000 : undefined;
};

/**
 * The moment that a flag names, in milliseconds since the epoch; see {@link parseMoment}.
 *
 * @throws {AgentError} when it names none.
 */
export const momentOf = (flag: string, text: string, nowMs: number): number => {
  const ms = parseMoment(text, nowMs);
  if (ms === undefined) throw new AgentError(exitCode.usage, `${flag} ${text}: expected ${momentForms}`);
  return ms;
};
