import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { NativeEntry } from '../rigs/journald/native-socket.ts';
import type { PrivateJournald } from '../rigs/journald/private-journald.ts';

const dockerdPath = fileURLToPath(new URL('playing-dockerd.ts', import.meta.url));

/** Writes entries into a journal that it believes to be dockerd's. */
export class ContainerLog {
  readonly #dockerd: ReturnType<PrivateJournald['spawn']>;
  readonly #answers: Interface;

  constructor(journal: PrivateJournald) {
    this.#dockerd = journal.spawn(process.execPath, [dockerdPath], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.#dockerd.stdout === null) throw new Error('dockerd has no output');
    this.#answers = createInterface({ input: this.#dockerd.stdout });
  }

  /** Resolves when journald's socket has taken all of them. One call at a time. */
  async write(entries: readonly NativeEntry[]): Promise<void> {
    const written = once(this.#answers, 'line');
    this.#dockerd.stdin?.write(`${JSON.stringify(entries)}\n`);
    await written;
  }

  /** May be called twice. */
  async close(): Promise<void> {
    if (this.#dockerd.exitCode !== null) return;
    const exited = once(this.#dockerd, 'exit');
    this.#dockerd.stdin?.end();
    await exited;
  }
}
