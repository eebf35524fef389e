import { pino } from 'pino';
import type { Logger } from '../sdk/logger.ts';
import { formatForPeople } from './log-line.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** How the agent's own log is written: JSON for machines; the same with journald's priorities; text for people. */
export type LogFormat = 'json' | 'journald' | 'text';

/** Syslog priorities of pino's levels, as sd-daemon(3) wants them at the start of a line. */
const priorityOf: Readonly<Record<string, string>> = {
  debug: '<7>',
  info: '<6>',
  warn: '<4>',
  error: '<3>',
  fatal: '<2>',
};

const levelOf = (line: string): string => /^\{"level":"([a-z]+)"/.exec(line)?.[1] ?? 'info';

const shapers: Readonly<Record<LogFormat, (line: string) => string>> = {
  json: (line) => line,
  journald: (line) => `${priorityOf[levelOf(line)] ?? ''}${line}`,
  text: formatForPeople,
};

/** systemd sets JOURNAL_STREAM where standard error goes to the journal (systemd.exec(5)). */
export const chooseLogFormat = (
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): LogFormat => {
  if (environment['JOURNAL_STREAM'] !== undefined) return 'journald';
  return isTerminal ? 'text' : 'json';
};

/**
 * The agent's own log. Written synchronously, so that the last lines before a crash are there.
 *
 * @returns a function that gives the log of a component: a destination's name, `source`, ...
 */
export const createLog = (
  level: LogLevel,
  format: LogFormat,
  write: (text: string) => void,
): ((component: string) => Logger) => {
  const shape = shapers[format];
  const root = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
      serializers: { error: pino.stdSerializers.err },
    },
    { write: (line: string) => write(shape(line)) },
  );
  return (component) => root.child({ component });
};
