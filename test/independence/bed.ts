import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentProcess } from '../bench/agent-process.ts';
import type { Reader } from '../bench/readers.ts';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import type { PacedStream } from './stream.ts';

const writer = fileURLToPath(new URL('paced-writer.ts', import.meta.url));
const bytesPerKib = 1024;

/** Entries of a configuration's `destinations`, by name. */
export type Destinations = Readonly<Record<string, object>>;

/** A journal into which containers log at a steady rate, for one agent after the other. */
export class TestBed {
  readonly #journal: PrivateJournald;
  readonly #folder: string;
  readonly #writer: ReturnType<PrivateJournald['spawn']>;
  #runs = 0;

  private constructor(journal: PrivateJournald, folder: string, streams: readonly PacedStream[]) {
    this.#journal = journal;
    this.#folder = folder;
    this.#writer = journal.spawn(process.execPath, [writer, JSON.stringify(streams)], { stdio: 'ignore' });
  }

  /** Starts to log. */
  static async start(streams: readonly PacedStream[]): Promise<TestBed> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-independence-'));
    return new TestBed(await startPrivateJournald({ settings: { SystemMaxUse: '4G' } }), folder, streams);
  }

  /** The journal's files. */
  get directory(): string {
    return this.#journal.directory;
  }

  /** Starts an agent that knows nothing yet, from now on. */
  async startAgent(destinations: Destinations, reader: Reader = 'journalctl'): Promise<AgentProcess> {
    this.#runs += 1;
    const folder = join(this.#folder, `run-${this.#runs}`);
    await mkdir(folder);
    return await AgentProcess.start({
      config: {
        sources: { journald: { directory: this.#journal.directory, reader, start: 'now' } },
        state: join(folder, 'state'),
        cloud_identity: 'off',
        admin: { listen: false },
        destinations,
      },
      folder,
      profileFolder: undefined,
    });
  }

  /** Size of the state directory of the agent that was started last, in KiB. */
  async stateKib(): Promise<number> {
    const folder = join(this.#folder, `run-${this.#runs}`, 'state', 'checkpoints');
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0) / bytesPerKib;
  }

  /** Ends logging; the journal stays. */
  endLogging(): void {
    this.#writer.kill('SIGKILL');
  }

  /** Ends all and removes all files. */
  async stop(): Promise<void> {
    this.endLogging();
    await this.#journal.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const lookEveryMs = 250;

/**
 * Waits until it is so.
 *
 * @returns how long that took, in seconds.
 * @throws after `atMostSeconds`.
 */
export const secondsUntil = async (
  what: string,
  atMostSeconds: number,
  isTrue: () => Promise<boolean>,
): Promise<number> => {
  const startedMs = performance.now();
  const seconds = (): number => (performance.now() - startedMs) / 1000;
  while (!(await isTrue())) {
    if (seconds() > atMostSeconds) throw new Error(`not within ${atMostSeconds} s: ${what}`);
    await sleep(lookEveryMs);
  }
  return seconds();
};
