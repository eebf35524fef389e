import { rm } from 'node:fs/promises';
import { join, dirname } from 'node:path';
import { messageOf, type Logger } from '#sdk';
import { compress } from './compress.ts';
import type { FileOptions } from './options.ts';
import { rotatedByAge, scan, type FoundFile } from './scan.ts';

/** What is beyond `max_files` of each file, oldest first. */
const surplus = (rotated: readonly FoundFile[], maxFiles: number): readonly FoundFile[] => {
  const byOriginal = Map.groupBy(rotated, (file) => join(dirname(file.path), file.rotated?.base ?? ''));
  return [...byOriginal.values()].flatMap((files) => files.slice(0, Math.max(0, files.length - maxFiles)));
};

/** Looks after rotated files in the background: deletes what is too many, compresses the rest, clears up after a crash. */
export class Housekeeper {
  readonly #options: FileOptions;
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #isWanted = false;

  constructor(options: FileOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  /** Asks for a round, now or after the one that runs. */
  tidy(): void {
    this.#isWanted = true;
    if (this.#stop.signal.aborted) return;
    this.#running ??= this.#run();
  }

  /** Gives up compressing; the next start goes on with it. May be called twice. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('the destination is closed'));
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#stop.signal.aborted) {
      this.#isWanted = false;
      await this.#round().catch((error: unknown) => {
        if (this.#stop.signal.aborted) return;
        this.#logger.warn(
          { folder: this.#options.path.base },
          `rotated files are left as they are: ${messageOf(error)}`,
        );
      });
    }
    this.#running = undefined;
  }

  async #round(): Promise<void> {
    const rotated = rotatedByAge(await scan(this.#options.path));
    const tooMany = surplus(
      rotated.filter((file) => file.rotated?.state !== 'partial'),
      this.#options.max_files ?? Number.POSITIVE_INFINITY,
    );
    for (const file of tooMany) {
      await rm(file.path, { force: true });
      this.#logger.info({ file: file.path }, 'deleted a rotated file: there are more than max_files');
    }
    for (const file of rotated) {
      if (tooMany.includes(file)) continue;
      if (file.rotated?.state === 'partial') await rm(file.path, { force: true });
      if (file.rotated?.state === 'plain' && this.#options.gzip) await compress(file.path, this.#stop.signal);
    }
  }
}
