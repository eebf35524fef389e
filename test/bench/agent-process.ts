import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { awsTestEnvironment } from '../fakes/cloudwatch/isolate-aws.ts';
import { cpuSecondsOf, MemoryWatch } from './process-tree.ts';

const mainFile = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const runsMessage = '"message":"sluice runs"';
const keptLogCharacters = 4000;

/** How the agent is started. */
export interface AgentSettings {
  /** Its whole configuration. */
  readonly config: object;
  /** An empty folder for it. */
  readonly folder: string;
  /** Where to write a CPU profile; undefined: none is taken. */
  readonly profileFolder: string | undefined;
}

/** The agent as users run it: a process of its own that reads a configuration file. */
export class AgentProcess {
  readonly #startedAtMs = performance.now();
  readonly #child;
  readonly #pid: number;
  readonly #memory: MemoryWatch;
  #log = '';
  #startCpuSeconds = 0;
  #hasExited = false;
  readonly #exited: Promise<unknown>;

  private constructor(configFile: string, profileFolder: string | undefined) {
    const flags = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
    this.#child = spawn(process.execPath, [...flags, mainFile, 'run', '-c', configFile], {
      // The channel tells the agent when the bench is gone, so that none runs on.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { PATH: process.env['PATH'], ...awsTestEnvironment },
    });
    this.#pid = this.#child.pid ?? 0;
    this.#memory = new MemoryWatch(this.#pid);
    this.#exited = once(this.#child, 'exit').then(() => (this.#hasExited = true));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
  }

  /** Starts it; it runs on until {@link stop}. */
  static async start({ config, folder, profileFolder }: AgentSettings): Promise<AgentProcess> {
    // YAML takes JSON as it is.
    const configFile = join(folder, 'sluice.yaml');
    await writeFile(configFile, JSON.stringify(config, undefined, 2));
    return new AgentProcess(configFile, profileFolder);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /** The end of what it logged. */
  get log(): string {
    return this.#log;
  }

  /** What it has used up to now. */
  measure() {
    const seconds = (performance.now() - this.#startedAtMs) / 1000;
    return { seconds, cpu: cpuSecondsOf(this.#pid), startCpuSeconds: this.#startCpuSeconds };
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

  #hear(text: string): void {
    this.#log = (this.#log + text).slice(-keptLogCharacters);
    if (this.#startCpuSeconds > 0 || !this.#log.includes(runsMessage)) return;
    const { own, children } = cpuSecondsOf(this.#pid);
    this.#startCpuSeconds = own + children;
  }
}
