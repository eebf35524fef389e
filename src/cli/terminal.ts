import { codeOf } from '../platform/error.ts';

/** Where commands write and what they are given: the process's own, or a test's. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results, and nothing else: what a pipe wants. */
  readonly out: (text: string) => void;
  /** Everything meant for people: errors, warnings, progress. */
  readonly err: (text: string) => void;
  /** Whether `err` may be coloured. */
  readonly color: boolean;
}

const wantsColor = (environment: Terminal['environment'], isTerminal: boolean): boolean => {
  if (environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '') return false;
  return isTerminal && environment['TERM'] !== 'dumb';
};

/** The process's own streams. When the reader of its output goes away (`| head`), the command ends without a word. */
export const processTerminal = (): Terminal => {
  process.stdout.on('error', (error) => {
    if (codeOf(error) !== 'EPIPE') throw error;
    process.kill(process.pid, 'SIGTERM');
  });
  return {
    environment: process.env,
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    color: wantsColor(process.env, process.stderr.isTTY),
  };
};
