import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type NativeEntry, NativeJournalSocket } from './native-socket.ts';
import { journaldPath, type PrivateJournald } from './private-journald.ts';

const patienceMs = 10_000;

/**
 * The journald of a log namespace (systemd.exec(5), LogNamespace=) beside that of a {@link PrivateJournald}. It begins in
 * memory, and ends by itself when nothing was logged for half a minute.
 */
export class LogNamespace {
  readonly #journal: PrivateJournald;
  readonly #name: string;
  #journald: ChildProcess | undefined;
  #socket: NativeJournalSocket | undefined;

  constructor(journal: PrivateJournald, name: string) {
    this.#journal = journal;
    this.#name = name;
  }

  /** Starts it, for the first time or after {@link kill}; resolves when it takes entries. */
  async start(): Promise<void> {
    const path = this.#journal.path(`/run/systemd/journal.${this.#name}/socket`);
    await rm(path, { force: true });
    this.#journald = this.#journal.spawn(journaldPath ?? '', [this.#name], { stdio: 'ignore' });
    const giveUpAtMs = performance.now() + patienceMs;
    while (!existsSync(path)) {
      if (performance.now() > giveUpAtMs) throw new Error(`the journald of ${this.#name} does not start`);
      await delay(20);
    }
    this.#socket ??= new NativeJournalSocket(path);
  }

  async send(entries: Iterable<NativeEntry>): Promise<void> {
    for (const entry of entries) await this.#socket?.send(entry);
  }

  /** Asks it by journalctl: `--sync`, `--rotate`, `--flush`. */
  async tell(request: string): Promise<void> {
    await this.#journal.exec('journalctl', [`--namespace=${this.#name}`, request]);
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it. May be called twice. */
  async stop(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const journald = this.#journald;
    this.#journald = undefined;
    if (journald === undefined || journald.exitCode !== null || journald.signalCode !== null) return;
    const exited = once(journald, 'exit');
    journald.kill(signal);
    await exited;
  }
}
