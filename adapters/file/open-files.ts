import { LogFile } from './log-file.ts';

interface OpenFile {
  readonly file: LogFile;
  /** Calls that use it or wait to. */
  users: number;
  /** Resolves when the last of them is done. */
  turn: Promise<unknown>;
}

/** Keeps the files that were written last open, up to a limit; each is used by one at a time. */
export class OpenFiles {
  readonly #limit: number;
  /** Least recently used first. */
  readonly #files = new Map<string, OpenFile>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  isInUse(path: string): boolean {
    return (this.#files.get(path)?.users ?? 0) > 0;
  }

  /** Runs `work` on a file when those before it are done. */
  async use<Result>(path: string, work: (file: LogFile) => Promise<Result>): Promise<Result> {
    const open = this.#take(path);
    const result = open.turn.then(() => work(open.file));
    open.turn = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      open.users -= 1;
      await this.#closeIdle(this.#limit);
    }
  }

  /** Waits for what is being written. May be called twice. */
  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((open) => open.turn));
    await this.#closeIdle(0);
  }

  #take(path: string): OpenFile {
    const open = this.#files.get(path) ?? { file: new LogFile(path), users: 0, turn: Promise.resolve() };
    open.users += 1;
    this.#files.delete(path);
    this.#files.set(path, open);
    return open;
  }

  async #closeIdle(limit: number): Promise<void> {
    for (const [path, open] of this.#files) {
      if (this.#files.size <= limit) return;
      if (open.users > 0) continue;
      this.#files.delete(path);
      await open.file.close();
    }
  }
}
