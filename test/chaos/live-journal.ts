import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readWrittenJournal, type WrittenJournal } from '../end-to-end/written-journal.ts';
import type { NativeEntry } from '../rigs/journald/native-socket.ts';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import type { AgentRunOptions } from '../support/agent-run.ts';
import type { ChaosJournal } from './chaos-journal.ts';
import { ContainerLog } from './container-log.ts';

/** A journald of its own, into which containers log. */
export class LiveJournal implements ChaosJournal {
  readonly source = '{ start: beginning, max_message: 16KiB }';
  readonly journald: PrivateJournald;
  readonly #log: ContainerLog;

  private constructor(journald: PrivateJournald) {
    this.journald = journald;
    this.#log = new ContainerLog(journald);
  }

  static async start(): Promise<LiveJournal> {
    return new LiveJournal(await startPrivateJournald());
  }

  readonly spawn: AgentRunOptions['spawn'] = (program, parameters, options) =>
    this.journald.spawn(program, parameters, options);

  path(file: string): string {
    return this.journald.path(file);
  }

  async write(entries: readonly NativeEntry[]): Promise<void> {
    await this.#log.write(entries);
  }

  async read(): Promise<WrittenJournal> {
    await this.journald.sync();
    return await readWrittenJournal(this.journald);
  }

  /** Keeps what is on disk now. What is called later loses its power: a new boot begins with what was kept. */
  async keep(): Promise<() => Promise<void>> {
    const { directory, machineId } = this.journald;
    await this.journald.sync();
    const kept = `${directory}-kept`;
    await cp(directory, kept, { recursive: true });
    return async () =>
      await this.journald.reboot(async () => {
        await rm(join(directory, machineId), { recursive: true });
        await cp(kept, directory, { recursive: true });
        await rm(kept, { recursive: true });
      });
  }

  async stop(): Promise<void> {
    await this.#log.close();
    await this.journald.stop();
  }
}
