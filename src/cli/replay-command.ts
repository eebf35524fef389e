import type { AgentChoice } from './agent-client.ts';

export interface ReplayedSpan {
  readonly destination: string;
  readonly service: string | undefined;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** A word of a shell command that means itself. */
const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The command that sends lines of a span again, for the agent that is meant. */
export const replayCommand = (
  { destination, service, sinceMs, untilMs }: ReplayedSpan,
  { files, socket }: AgentChoice,
): string =>
  [
    'sluice replay',
    ...files.map((file) => `-c ${quote(file)}`),
    ...(socket === undefined ? [] : [`--socket ${quote(socket)}`]),
    `--to ${quote(destination)}`,
    `--since ${new Date(sinceMs).toISOString()}`,
    `--until ${new Date(untilMs).toISOString()}`,
    ...(service === undefined ? [] : [`--service ${quote(service)}`]),
  ].join(' ');
