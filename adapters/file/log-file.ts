import type { Stats } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '#sdk';
import { rotatedSuffix } from './file-name.ts';
import { FileError } from './file-error.ts';
import { syncFolder } from './sync-folder.ts';

const newline = 0x0a;
/** Readable by the group, so that people need not be root; the umask may take that away. */
const fileMode = 0o640;

const statOrUndefined = async (path: string): Promise<Stats | undefined> =>
  stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });

/**
 * One file that is appended to. What it takes is on the disk, whole, or not there at all: after a failure it is cut back to
 * where it was, so that sending again repeats nothing.
 *
 * Not to be called again before a call has ended.
 */
export class LogFile {
  readonly path: string;
  #handle: FileHandle | undefined;
  #inode = 0;
  #length = 0;
  #bornMs = 0;
  #endsTorn = false;

  constructor(path: string) {
    this.path = path;
  }

  /** Bytes of the file; known after `open`. */
  get length(): number {
    return this.#length;
  }

  /** When the file was created, in milliseconds since the epoch; known after `open`. */
  get bornMs(): number {
    return this.#bornMs;
  }

  /** Opens the file, or opens it again when somebody has moved, removed or changed it meanwhile. */
  async open(): Promise<void> {
    if (this.#handle !== undefined) {
      const seen = await statOrUndefined(this.path);
      if (seen?.ino === this.#inode && seen.size === this.#length) return;
      await this.close();
    }
    await mkdir(dirname(this.path), { recursive: true });
    const isNew = (await statOrUndefined(this.path)) === undefined;
    this.#handle = await open(this.path, 'a+', fileMode);
    await this.#inspect(this.#handle);
    if (isNew) await syncFolder(dirname(this.path));
  }

  /**
   * Adds whole lines and returns when they are on the disk.
   *
   * @throws what went wrong, or the signal's reason; the file is then as it was before.
   */
  async append(lines: Buffer, signal: AbortSignal): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) throw new Error(`${this.path} is not open`);
    // What a crash left of a line must not become the beginning of the next.
    const data = this.#endsTorn ? Buffer.concat([Buffer.from([newline]), lines]) : lines;
    try {
      await handle.appendFile(data);
      await handle.datasync();
      signal.throwIfAborted();
    } catch (error) {
      await this.#undo(handle);
      throw error;
    }
    this.#length += data.length;
    this.#endsTorn = false;
  }

  /** Gives the file a name of its own, as of `nowMs`, and begins a new one. */
  async rotate(nowMs: number): Promise<void> {
    await this.close();
    let timeMs = nowMs;
    while (await this.#isTaken(timeMs)) timeMs += 1;
    await rename(this.path, this.path + rotatedSuffix(timeMs));
    await this.open();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  /** May be called twice. */
  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #isTaken(timeMs: number): Promise<boolean> {
    const name = this.path + rotatedSuffix(timeMs);
    for (const ending of ['', '.gz', '.gz.partial']) {
      if ((await statOrUndefined(name + ending)) !== undefined) return true;
    }
    return false;
  }

  async #inspect(handle: FileHandle): Promise<void> {
    const seen = await handle.stat();
    if (!seen.isFile()) {
      await this.close();
      throw new FileError('denied', `${this.path} is not a regular file`);
    }
    this.#inode = seen.ino;
    this.#length = seen.size;
    // Some file systems do not know when a file was created.
    this.#bornMs = seen.birthtimeMs > 0 ? seen.birthtimeMs : seen.ctimeMs;
    const last = Buffer.alloc(1, newline);
    if (seen.size > 0) await handle.read(last, 0, 1, seen.size - 1);
    this.#endsTorn = last[0] !== newline;
  }

  /** After a failed write or fsync nothing that the handle says is to be trusted: the file is opened anew next time. */
  async #undo(handle: FileHandle): Promise<void> {
    // Where even this fails, `open` keeps torn lines apart and the failure that led here is the one to report.
    await handle.truncate(this.#length).catch(() => undefined);
    await this.close();
  }
}
