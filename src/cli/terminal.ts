import { once } from 'node:events';
import { codeOf, messageOf } from '../platform/error.ts';
import { exitCode } from './exit-code.ts';

/** Where commands write and what they are given: the process's own, or a test's. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results, and nothing else: what a pipe wants. */
  readonly out: (text: string) => void;
  /** Resolves when what was given to `out` is on its way, so that a slow reader slows the writer down. */
  readonly drained: () => Promise<void>;
  /** Everything meant for people: errors, warnings, progress. */
  readonly err: (text: string) => void;
  /** Whether `err` may be coloured. */
  readonly color: boolean;
  /** Whether `out` may be. */
  readonly colorOut: boolean;
  /** Width of the terminal that `out` writes to, in characters; undefined when it is none. */
  readonly columns: number | undefined;
  /** The same of `err`. */
  readonly errColumns: number | undefined;
}

export const colorWishes = ['auto', 'always', 'never'] as const;

/** What `--color` asks for. */
export type ColorWish = (typeof colorWishes)[number];

/** @param isWelcome whether the terminal and the environment are for it; what a flag says comes first. */
export const mayColor = (wish: ColorWish, isWelcome: boolean): boolean =>
  wish === 'auto' ? isWelcome : wish === 'always';
/** Where the output goes to no terminal. */
const usualColumns = 80;

/** How wide a page may be, in characters. */
export const pageWidth = ({ columns = usualColumns }: Pick<Terminal, 'columns'>): number => columns;

const wantsColor = (environment: Terminal['environment'], isTerminal: boolean): boolean => {
  if (environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '') return false;
  return isTerminal && environment['TERM'] !== 'dumb';
};

/** An agent is asked to stop, once; a command that only prints has nothing left to do. */
const createQuietEnd = (): (() => void) => {
  let isAsked = false;
  return () => {
    if (process.listenerCount('SIGTERM') === 0) process.exit();
    if (!isAsked) process.kill(process.pid, 'SIGTERM');
    isAsked = true;
  };
};

/**
 * The process's own streams. When the reader of its output goes away (`| head`), the command ends without a word. A
 * standard error that nobody reads, or that lies on a full disk, ends nothing: shipping goes on.
 */
export const processTerminal = (): Terminal => {
  const endQuietly = createQuietEnd();
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error) => {
    if (codeOf(error) === 'EPIPE') return endQuietly();
    process.stderr.write(`sluice: standard output can't be written: ${messageOf(error)}\n`);
    process.exit(exitCode.inputOutput);
  });
  return {
    environment: process.env,
    out: (text) => {
      process.stdout.write(text);
    },
    drained: async () => {
      // That it can't be written is said above.
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain').catch(() => undefined);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    color: wantsColor(process.env, process.stderr.isTTY),
    colorOut: wantsColor(process.env, process.stdout.isTTY),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    get errColumns() {
      return process.stderr.isTTY ? process.stderr.columns : undefined;
    },
  };
};
