import { defaultLinesPerSecond, type ReplayRequest } from '../../pipeline/replay/replay-request.ts';
import { AgentError } from '../agent-client.ts';
import { exitCode } from '../exit-code.ts';
import { momentForms, parseMoment } from '../moment.ts';

/** What the command line says of the lines that are meant. */
export interface ReplayOptions {
  readonly destination: string;
  readonly since: string;
  readonly until?: string | undefined;
  readonly service?: string | undefined;
  readonly rate?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

const ratePattern = /^(\d{1,9}(?:\.\d{1,3})?)(?:\/s)?$/;

const momentOf = (option: string, text: string, nowMs: number): number => {
  const ms = parseMoment(text, nowMs);
  if (ms === undefined) throw new AgentError(exitCode.usage, `${option} ${text}: expected ${momentForms}`);
  return ms;
};

const rateOf = (text: string): number => {
  const linesPerSecond = Number(ratePattern.exec(text)?.[1] ?? 0);
  if (linesPerSecond > 0) return linesPerSecond;
  throw new AgentError(exitCode.usage, `--rate ${text}: expected lines per second, as 1000/s`);
};

/**
 * Makes a request of the options.
 *
 * @throws {AgentError} for an option that is not understood.
 */
export const replayRequestOf = (options: ReplayOptions, nowMs: number): ReplayRequest => {
  const { destination, since, until = 'now', service, rate, dryRun = false } = options;
  const request = {
    destination,
    sinceMs: momentOf('--since', since, nowMs),
    untilMs: momentOf('--until', until, nowMs),
    linesPerSecond: rate === undefined ? defaultLinesPerSecond : rateOf(rate),
    dryRun,
    ...(service !== undefined && { service }),
  };
  if (request.sinceMs <= request.untilMs) return request;
  throw new AgentError(exitCode.usage, `--since ${since} is later than --until ${until}`);
};
