import { rm } from 'node:fs/promises';
import type { Logger } from '#sdk';
import { FileError } from './file-error.ts';
import type { OpenFiles } from './open-files.ts';
import type { FileOptions } from './options.ts';
import { rotatedByAge, scan, type FoundFile } from './scan.ts';

/** Most files of this run that are remembered as ours to delete. */
const maxRemembered = 10_000;
/** Freeing a little more than is needed spares looking at the disk for every batch. */
const freeTo = 0.9;

const totalOf = (files: readonly FoundFile[]): number => files.reduce((total, file) => total + file.bytes, 0);

/** Keeps all files of a destination under `max_total` by deleting the oldest, before more is written. */
export class DiskBudget {
  readonly #options: FileOptions;
  readonly #files: OpenFiles;
  readonly #logger: Logger;
  /** Paths written by this process: what else fits the template may be somebody else's and is never deleted. */
  readonly #own = new Set<string>();
  /** Bytes on the disk; at least as many as there are. */
  #known = Number.POSITIVE_INFINITY;
  #reserved = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: FileOptions, files: OpenFiles, logger: Logger) {
    this.#options = options;
    this.#files = files;
    this.#logger = logger;
  }

  /**
   * Runs `write`, which adds `bytes` to a file, once there is room for them.
   *
   * @throws {FileError} when nothing is left that may be deleted.
   */
  async spend(path: string, bytes: number, write: () => Promise<void>): Promise<void> {
    const limit = this.#options.max_total;
    if (limit === undefined) return await write();
    const room = this.#turn.then(() => this.#makeRoom(bytes, limit));
    this.#turn = room.catch(() => undefined);
    await room;
    this.#remember(path);
    try {
      await write();
      this.#known += bytes;
    } finally {
      this.#reserved -= bytes;
    }
  }

  async #makeRoom(bytes: number, limit: number): Promise<void> {
    const wanted = this.#reserved + bytes;
    if (this.#known + wanted > limit) this.#known = await this.#deleteOldest(limit - wanted, limit * freeTo - wanted);
    if (this.#known + wanted > limit) {
      const folder = this.#options.path.base;
      const reason = `max_total is reached and nothing rotated is left to delete under ${folder}; remove files there or raise it`;
      throw new FileError('retry', reason);
    }
    this.#reserved += bytes;
  }

  /** Deletes only when there are more than `limit` bytes, then down to `target`; returns what is left. */
  async #deleteOldest(limit: number, target: number): Promise<number> {
    const found = await scan(this.#options.path);
    let left = totalOf(found);
    if (left <= limit) return left;
    const current = found.filter((file) => file.rotated === undefined && this.#own.has(file.path));
    const rotated = rotatedByAge(found).filter((file) => file.rotated?.state !== 'partial');
    const candidates = [...rotated, ...current.toSorted((a, b) => a.changedMs - b.changedMs)];
    for (const file of candidates) {
      if (left <= target) break;
      if (await this.#delete(file)) left -= file.bytes;
    }
    return left;
  }

  async #delete(file: FoundFile): Promise<boolean> {
    if (file.rotated !== undefined) await rm(file.path, { force: true });
    else if (this.#files.isInUse(file.path)) return false;
    else await this.#files.use(file.path, (open) => open.remove());
    this.#logger.info({ file: file.path, bytes: file.bytes }, 'deleted the oldest file to stay under max_total');
    return true;
  }

  #remember(path: string): void {
    this.#own.delete(path);
    this.#own.add(path);
    const [oldest] = this.#own;
    if (this.#own.size > maxRemembered && oldest !== undefined) this.#own.delete(oldest);
  }
}
