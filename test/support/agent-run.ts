import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const mainPath = join(import.meta.dirname, '../../src/main.ts');

const statusSchema = z.looseObject({
  ready: z.boolean(),
  problems: z.array(z.string()),
  destinations: z.array(
    z.looseObject({
      name: z.string(),
      condition: z.looseObject({ state: z.string(), reason: z.string() }),
      balance: z.object({
        read: z.number(),
        delivered: z.number(),
        uncertain: z.number(),
        dropped: z.record(z.string(), z.number()),
        droppedTotal: z.number(),
        pending: z.number(),
      }),
      unexplained: z.number(),
      lagLines: z.number().optional(),
    }),
  ),
});

/** What `/readyz` says. */
export type ShownStatus = z.infer<typeof statusSchema>;

export interface AgentExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface AgentRunOptions {
  /** Default: `run`. */
  readonly command?: string;
  /** Added to an environment that names no service and holds no credentials. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How to start a program; default: as a child, to be replaced by a namespace's own `spawn`. */
  readonly spawn?: SpawnProgram;
}

type SpawnProgram = (
  program: string,
  parameters: readonly string[],
  options: { readonly stdio: ['ignore', 'pipe', 'pipe']; readonly env: NodeJS.ProcessEnv },
) => ChildProcess;

const spawnProgram: SpawnProgram = (program, parameters, options) => spawn(program, parameters, options);

/** The agent as a process of its own, and all that it printed. */
export class AgentRun {
  readonly #child: ChildProcess;
  readonly #exit: Promise<AgentExit>;
  #stderr = '';
  #stdout = '';

  /** Starts it on a configuration file. */
  constructor(configFile: string, { command = 'run', environment = {}, spawn: start }: AgentRunOptions = {}) {
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', ...environment };
    const parameters = [mainPath, command, '-c', configFile];
    this.#child = (start ?? spawnProgram)(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#exit = once(this.#child, 'close').then(() => ({
      code: this.#child.exitCode,
      signal: this.#child.signalCode,
    }));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** All that it wrote to standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when it is gone and its output is read. */
  async exited(): Promise<AgentExit> {
    return await this.#exit;
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<AgentExit> {
    this.#child.kill(signal);
    return await this.#exit;
  }

  /** Sends a signal that it survives. */
  tell(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when standard error matches; throws when the agent ends before. */
  async says(pattern: RegExp): Promise<void> {
    await this.until(`said ${String(pattern)}`, () => Promise.resolve(pattern.test(this.#stderr)));
  }

  /** Resolves when `isTrue`; throws when the agent ends before. */
  async until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isTrue())) {
      if (!this.isRunning) throw new Error(`the agent ended before it ${what}:\n${this.#stderr}`);
      await delay(20);
    }
  }

  /** What its health page shows; the configuration lets it listen on any port. */
  async status(): Promise<ShownStatus> {
    await this.says(/"health":"http/);
    const url = /"health":"([^"]+)"/.exec(this.#stderr)?.[1] ?? '';
    const response = await fetch(`${url}/readyz`);
    return statusSchema.parse(await response.json());
  }
}
