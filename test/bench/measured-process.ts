import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cpuSecondsOf, MemoryWatch } from './process-tree.ts';

const keptLogCharacters = 4000;

/** How a program is started. */
export interface Program {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly options: SpawnOptions;
  /** Hears what it logs, line by line. */
  readonly onLogged?: (line: string) => void;
}

/** A program that ships until it is told to end, and what it and its children use. */
export class MeasuredProcess {
  readonly #startedAtMs = performance.now();
  readonly #child: ChildProcess;
  readonly #memory: MemoryWatch;
  #log = '';
  #hasExited = false;
  readonly #exited: Promise<unknown>;

  /** Starts it. Its standard error has to be a pipe. */
  constructor({ command, parameters, options, onLogged = () => undefined }: Program) {
    this.#child = spawn(command, parameters, options);
    this.#memory = new MemoryWatch(this.pid);
    this.#exited = once(this.#child, 'exit').then(() => (this.#hasExited = true));
    if (this.#child.stderr === null) throw new Error(`nobody hears ${command}`);
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      this.#log = `${this.#log}${line}\n`.slice(-keptLogCharacters);
      onLogged(line);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** Resolves when it has ended. */
  get exited(): Promise<unknown> {
    return this.#exited;
  }

  /** The end of what it logged. */
  get log(): string {
    return this.#log;
  }

  /** What it has used up to now, its start included. */
  measure() {
    return { seconds: (performance.now() - this.#startedAtMs) / 1000, cpu: cpuSecondsOf(this.pid) };
  }

  /** Asks it to end and waits until it has. May be called twice. */
  async stop() {
    return await this.#end('SIGTERM');
  }

  /** Ends it at once. */
  async kill() {
    return await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals) {
    const memory = this.#memory.stop();
    this.#child.kill(signal);
    await this.#exited;
    return memory;
  }
}
