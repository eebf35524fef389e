import { parseStart } from '#sdk';
import { AgentError } from './agent-client.ts';
import { exitCode } from './exit-code.ts';

/**
 * The moment that a flag names, in milliseconds since the epoch: `now`, a duration ago, or a time.
 *
 * @throws {AgentError} when it names none.
 */
export const momentOf = (flag: string, text: string, nowMs: number): number => {
  const start = parseStart(text);
  if (start?.kind === 'now') return nowMs;
  if (start?.kind === 'ago') return nowMs - start.ms;
  if (start?.kind === 'since') return start.timeUs / 1000;
  throw new AgentError(
    exitCode.usage,
    `${flag} ${text}: expected now, a duration ago as 1d or 2h30m, or a time as 2026-11-22T05:40:00Z`,
  );
};
