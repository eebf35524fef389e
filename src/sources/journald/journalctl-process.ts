import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { codeOf } from '#sdk';

/** How a journalctl ended. */
export interface JournalctlExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Node's code of why it could not be started: `ENOENT`. */
  readonly startError: string | undefined;
  /** The last lines that it wrote to standard error. */
  readonly stderr: readonly string[];
}

const maxStderrLines = 20;
const maxStderrLineLength = 1000;

/** Messages in English, and nothing of ours that would change what journalctl prints. */
const environment = (): NodeJS.ProcessEnv => ({ LC_ALL: 'C', PATH: process.env['PATH'] });

/** A running journalctl. */
export class JournalctlProcess {
  readonly #child: ChildProcess;
  readonly #stderr: string[] = [];
  #stopped = false;
  /** Settles when the process is gone and its output is closed; never rejects. */
  readonly exit: Promise<JournalctlExit>;

  /** `onComplaint` is told each line of standard error as it comes. */
  constructor(path: string, parameters: readonly string[], onComplaint?: (line: string) => void) {
    this.#child = spawn(path, parameters, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
    this.exit = this.#awaitExit();
    this.#collectStderr(onComplaint);
  }

  /** What it prints, as the pipe gives it; not reading it makes journalctl wait. Ends with the process or {@link stop}. */
  async *output(): AsyncGenerator<Buffer> {
    // Without free file descriptors a process has no output at all; `exit` tells.
    const stdout: Readable | null | undefined = this.#child.stdout;
    try {
      for await (const chunk of stdout ?? []) if (Buffer.isBuffer(chunk)) yield chunk;
    } catch (error) {
      if (!this.#stopped) throw error;
    }
  }

  /** Ends it at once, also when it hangs; it holds nothing that could be lost. Output not yet read is discarded. */
  stop(): void {
    this.#stopped = true;
    this.#child.kill('SIGKILL');
    // What it may have started itself must not keep the pipes, and so us, waiting.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  async #awaitExit(): Promise<JournalctlExit> {
    return await new Promise((resolve) => {
      this.#child.on('error', (error) => {
        if (this.#child.pid === undefined) resolve(this.#exitOf(null, null, codeOf(error) ?? error.message));
      });
      this.#child.on('close', (code, signal) => {
        resolve(this.#exitOf(code, signal, undefined));
      });
    });
  }

  #exitOf(code: number | null, signal: NodeJS.Signals | null, startError: string | undefined): JournalctlExit {
    return { code, signal, startError, stderr: this.#stderr };
  }

  #collectStderr(onComplaint: ((line: string) => void) | undefined): void {
    let rest = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, maxStderrLineLength);
      for (const line of lines) this.#complain(line.slice(0, maxStderrLineLength), onComplaint);
    });
  }

  #complain(line: string, onComplaint: ((line: string) => void) | undefined): void {
    this.#stderr.push(line);
    if (this.#stderr.length > maxStderrLines) this.#stderr.shift();
    onComplaint?.(line);
  }
}
