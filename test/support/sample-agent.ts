import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outcomeOf, startCommand } from './command.ts';

/** An agent on the sample of lines that ships with sluice, in a folder of its own, and commands that ask it. */
export class SampleAgent {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-sample-'));
  #child: ReturnType<typeof startCommand> | undefined;

  constructor() {
    mkdirSync(join(this.folder, 'no-journal'));
    this.configure('sluice.yaml');
  }

  /** Writes a configuration whose agent is this one. */
  configure(name: string, moreDestinations = ''): void {
    writeFileSync(
      join(this.folder, name),
      `
sources: { journald: { directory: ${this.folder}/no-journal } }
state: state
cloud_identity: off
admin: { listen: false }
log: { level: error }
destinations:
  blackhole: { batch: { max_age: 50ms } }
${moreDestinations}`,
    );
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves when it runs and answers. */
  async start(): Promise<void> {
    const child = startCommand({ parameters: ['quickstart', '-c', 'sluice.yaml'], folder: this.folder });
    this.#child = child;
    let said = '';
    child.stderr.setEncoding('utf8');
    while (!said.includes('ledger  so far')) said += String(await once(child.stderr, 'data'));
    child.stderr.resume();
    child.stdout.resume();
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.kill(signal) === true) await once(child, 'exit');
  }

  /** Runs a command in its folder, to its end. */
  async ask(parameters: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    return await outcomeOf(startCommand({ parameters, folder: this.folder, environment }));
  }

  /** Starts a command in its folder, its output in pipes. */
  begin(parameters: readonly string[]) {
    return startCommand({ parameters, folder: this.folder });
  }

  /** Ends it and removes its folder. */
  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true });
  }
}
