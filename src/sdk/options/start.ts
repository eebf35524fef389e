import { z } from 'zod';
import type { Start } from '../source.ts';
import { parseDuration } from '../../event/duration.ts';

/** RFC 3339 section 5.6, with the offset that `Date.parse` would otherwise guess. */
const timePattern = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)$/i;

/** What `now`, `beginning`, `1h`, `20 lines` or `2026-11-22T05:40:00Z` mean; undefined for anything else. */
export const parseStart = (text: string): Start | undefined => {
  if (text === 'now' || text === 'beginning') return { kind: text };
  const lines = /^(\d{1,9}) lines?$/.exec(text);
  if (lines !== null) return { kind: 'last', records: Number(lines[1]) };
  const ms = parseDuration(text);
  if (ms !== undefined) return { kind: 'ago', ms };
  const sinceMs = timePattern.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(sinceMs) ? undefined : { kind: 'since', timeUs: sinceMs * 1000 };
};

/** An option that says where a destination without a checkpoint begins to read. */
export const start = () =>
  z
    .string()
    .transform((text, context) => {
      const parsed = parseStart(text);
      if (parsed !== undefined) return parsed;
      context.addIssue({
        code: 'custom',
        message:
          'expected now, beginning, a duration as 1h, a number of lines as "20 lines", or a time as 2026-11-22T05:40:00Z',
      });
      return z.NEVER;
    })
    .meta({
      type: 'string',
      kind: 'start',
      description: 'now, beginning, a duration (1h), "20 lines", or a time (2026-11-22T05:40:00Z)',
    });

/** The time, in microseconds, before which nothing is wanted; undefined when everything is. */
export const startTimeUs = (asked: Start, nowMs: number): number | undefined => {
  switch (asked.kind) {
    case 'beginning':
      return undefined;
    case 'since':
      return asked.timeUs;
    case 'ago':
      return Math.floor((nowMs - asked.ms) * 1000);
    // How old the last lines are, only the source knows: none is sure to be wanted.
    case 'last':
    case 'now':
      return Math.floor(nowMs * 1000);
  }
};
