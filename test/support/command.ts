import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What `sluice` starts. */
export const mainPath = join(import.meta.dirname, '../../src/main.ts');

/** A command and what it is given; its environment holds nothing else of this process's but PATH. */
export interface Invocation {
  readonly parameters: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a command of sluice as a process of its own, its output in pipes. */
export const startCommand = ({ parameters, folder, environment = {} }: Invocation) =>
  spawn(process.execPath, [mainPath, ...parameters], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** What a command printed until it ended, and its exit code, or the signal that ended it. */
export const outcomeOf = async (child: ReturnType<typeof startCommand>) => {
  const [out, err, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, err, code: code ?? signal };
};
