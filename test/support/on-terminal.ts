import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mainPath } from './command.ts';

/** A command of sluice on a terminal of its own, 24 by 80, that `script` makes, and what it has drawn there. */
export class OnTerminal {
  readonly #child: ChildProcessWithoutNullStreams;
  #drawn = '';

  constructor(folder: string, parameters: string) {
    const sluice = `sh -c 'echo "pid $$"; exec "${process.execPath}" "${mainPath}" ${parameters}'`;
    const inside = `stty rows 24 cols 80; ${sluice}; echo "ended with $?"; stty -a`;
    this.#child = spawn('script', ['--quiet', '--command', inside, '/dev/null'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], TERM: 'xterm', SHELL: '/bin/sh' },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#drawn += text));
  }

  /** Since it began, or something was typed. */
  get drawn(): string {
    return this.#drawn;
  }

  type(keys: string): void {
    this.#drawn = '';
    this.#child.stdin.write(keys);
  }

  /** Resolves when what was drawn matches, with the match; throws when the terminal is gone before. */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#drawn);
      if (match !== null) return match;
      if (this.#child.exitCode !== null) throw new Error(`it ended before it showed ${pattern}: ${this.#drawn}`);
      await Promise.race([once(this.#child.stdout, 'data'), once(this.#child, 'exit')]);
    }
  }

  async close(): Promise<void> {
    const isRunning = this.#child.exitCode === null && this.#child.signalCode === null;
    if (isRunning && this.#child.kill('SIGKILL')) await once(this.#child, 'exit');
  }
}
