import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { awsTestEnvironment } from '../fakes/cloudwatch/isolate-aws.ts';
import { MeasuredProcess } from './measured-process.ts';

const mainFile = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const runsMessage = '"message":"sluice runs"';
const runsLine = z.object({ health: z.string().optional() });

/** How the agent is started. */
export interface AgentSettings {
  /** Its whole configuration. */
  readonly config: object;
  /** An empty folder for it. */
  readonly folder: string;
  /** Where to write a CPU profile; undefined: none is taken. */
  readonly profileFolder: string | undefined;
}

/** What the agent says when it runs. */
export interface Running {
  /** Address of its health page; undefined where it has none. */
  readonly health?: string | undefined;
}

/** The agent as users run it: a process of its own that reads a configuration file. */
export class AgentProcess {
  readonly #process: MeasuredProcess;
  readonly #runs = Promise.withResolvers<Running>();
  #startCpuSeconds = 0;

  private constructor(configFile: string, profileFolder: string | undefined) {
    const flags = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
    this.#process = new MeasuredProcess({
      command: process.execPath,
      // The launcher's flags are the bench's own.
      parameters: [...process.execArgv, ...flags, mainFile, 'run', '-c', configFile],
      options: {
        // The channel tells the agent when the bench is gone, so that none runs on.
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        // What Node compiled is kept, as the launcher and the unit have it.
        env: {
          PATH: process.env['PATH'],
          NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
          ...awsTestEnvironment,
        },
      },
      onLogged: (line) => this.#hear(line),
    });
  }

  /** Starts it; it runs on until {@link stop}. */
  static async start({ config, folder, profileFolder }: AgentSettings): Promise<AgentProcess> {
    // YAML takes JSON as it is.
    const configFile = join(folder, 'sluice.yaml');
    await writeFile(configFile, JSON.stringify(config, undefined, 2));
    return new AgentProcess(configFile, profileFolder);
  }

  get pid(): number {
    return this.#process.pid;
  }

  get hasExited(): boolean {
    return this.#process.hasExited;
  }

  /** The end of what it logged. */
  get log(): string {
    return this.#process.log;
  }

  /**
   * Waits until the agent says that it runs.
   *
   * @throws when it ends before.
   */
  async whenRunning(): Promise<Running> {
    const ended = this.#process.exited.then((): never => {
      throw new Error(`the agent ended. Its log:\n${this.log}`);
    });
    return await Promise.race([this.#runs.promise, ended]);
  }

  /** What it has used up to now. */
  measure() {
    return { ...this.#process.measure(), startCpuSeconds: this.#startCpuSeconds };
  }

  /** Asks it to end and waits until it has. May be called twice. */
  async stop() {
    return await this.#process.stop();
  }

  /** Ends it at once. */
  async kill() {
    return await this.#process.kill();
  }

  #hear(line: string): void {
    if (this.#startCpuSeconds > 0 || !line.includes(runsMessage)) return;
    const { own, children } = this.#process.measure().cpu;
    this.#startCpuSeconds = own + children;
    this.#runs.resolve(runsLine.parse(JSON.parse(line)));
  }
}
