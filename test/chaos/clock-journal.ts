import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readWrittenJournal, type WrittenJournal } from '../end-to-end/written-journal.ts';
import type { NativeEntry } from '../rigs/journald/native-socket.ts';
import { bootId, writeJournal } from '../support/journal.ts';
import type { ChaosJournal } from './chaos-journal.ts';

const run = promisify(execFile);
const betweenLinesUs = 500;
const maxOutputBytes = 1024 ** 3;

const exec = async (program: string, parameters: readonly string[]) =>
  await run(program, [...parameters], { maxBuffer: maxOutputBytes });

/** A journal of a host whose clock is set while it writes. */
export class ClockJournal implements ChaosJournal {
  readonly source: string;
  readonly spawn = undefined;
  readonly #directory: string;
  #realtimeUs = Date.now() * 1000;
  #monotonicUs = 1_000_000;
  #boot = 0;

  private constructor(directory: string) {
    this.#directory = directory;
    this.source = `{ directory: '${directory}', start: beginning, max_message: 16KiB }`;
  }

  static async start(): Promise<ClockJournal> {
    const journal = new ClockJournal(await mkdtemp(join(tmpdir(), 'sluice-clock-')));
    // A source that is empty is an error.
    await journal.write([{ MESSAGE: 'the first entry' }]);
    return journal;
  }

  /** Sets the clock; negative: back. */
  step(byMs: number): void {
    this.#realtimeUs += byMs * 1000;
  }

  /** What is written from now on is another boot's. */
  reboot(): void {
    this.#boot += 1;
    this.#monotonicUs = 1_000_000;
  }

  path(file: string): string {
    return file;
  }

  async write(entries: readonly NativeEntry[]): Promise<void> {
    const all = entries.map((entry) => {
      this.#realtimeUs += betweenLinesUs;
      this.#monotonicUs += betweenLinesUs;
      const { _COMM = 'dockerd', _TRANSPORT = 'journal', ...fields } = entry as Record<string, string>;
      return {
        bootId: bootId(this.#boot.toString(16)),
        monotonicUs: this.#monotonicUs,
        realtimeUs: this.#realtimeUs,
        fields: { ...fields, _COMM, _TRANSPORT },
      };
    });
    await writeJournal(join(this.#directory, 'system.journal'), all);
  }

  async read(): Promise<WrittenJournal> {
    return await readWrittenJournal({ exec }, ['--directory', this.#directory]);
  }

  async stop(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}
