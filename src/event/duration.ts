import { z } from 'zod';

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of `250ms`, `5s`, `1h30m`, `30d`; undefined when `text` is not a duration. */
export const parseDuration = (text: string): number | undefined => {
  if (!/^(?:\d{1,12}(?:\.\d{1,6})?(?:ms|[smhdw]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|[smhdw])/g)) {
    total += Number(amount) * (unitMs[unit ?? ''] ?? Number.NaN);
  }
  return total;
};

/** An option like `5s` or `1h30m`; parses to milliseconds. */
export const duration = () =>
  z
    .string()
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined) return ms;
      context.addIssue({ code: 'custom', message: `expected a duration with its unit, as 250ms, 5s or 1h30m` });
      return z.NEVER;
    })
    .meta({ type: 'string', kind: 'duration', description: 'a duration with its unit: 250ms, 5s, 1h30m, 30d' });
