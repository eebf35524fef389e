import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import { codeOf, messageOf } from '../platform/error.ts';
import { type Checkpoint, CheckpointError, formatCheckpoint, parseCheckpoint } from './checkpoint.ts';

/** What was found for a destination. */
export type LoadedCheckpoint =
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly checkpoint: Checkpoint }
  /** The destination was not in the configuration for a while, or off. */
  | { readonly kind: 'dormant'; readonly checkpoint: Checkpoint }
  /** It could not be read and was set aside under `movedTo`; the destination begins at its `start`. */
  | { readonly kind: 'set aside'; readonly reason: string; readonly movedTo: string };

/** The state directory can't be used as it is; the message says what to do. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

/** Keeps one file per destination under `<state>/checkpoints`. Destination names are safe as file names by their schema. */
export class CheckpointStore {
  readonly #directory: string;
  readonly #now: () => number;

  /** @param now milliseconds since the epoch; names files that are set aside. */
  constructor(stateDirectory: string, now: () => number) {
    this.#directory = join(stateDirectory, 'checkpoints');
    this.#now = now;
  }

  /**
   * Makes the directory and proves that it can be written.
   *
   * @throws {StateError} when it can't.
   */
  async prepare(): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeFileAtomically(join(this.#directory, '.writable'), '');
    } catch (error) {
      throw new StateError(
        `state directory ${this.#directory} can't be written (${codeOf(error) ?? messageOf(error)}): ` +
          `make it writable for this user, or choose another with "state:" in the configuration`,
      );
    }
  }

  /**
   * Reads a destination's checkpoint. A damaged one is set aside, never overwritten.
   *
   * @throws {StateError} when it was written by a newer version or can't be read; nothing was changed then.
   */
  async load(destination: string): Promise<LoadedCheckpoint> {
    const path = this.#pathOf(destination);
    const wasDormant = await this.#wake(destination);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { kind: 'none' };
      throw new StateError(`checkpoint ${path} can't be read: ${messageOf(error)}`);
    }
    try {
      const checkpoint = this.#ownedBy(destination, parseCheckpoint(text));
      return { kind: wasDormant ? 'dormant' : 'found', checkpoint };
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      if (error.kind === 'newer') {
        throw new StateError(`checkpoint ${path} is from a newer sluice: ${error.message}. Run that version again`);
      }
      const movedTo = `${path}.damaged-${this.#now()}`;
      await rename(path, movedTo);
      return { kind: 'set aside', reason: error.message, movedTo };
    }
  }

  /** @throws what the file system says (ENOSPC, EACCES, ...); the checkpoint saved before stays whole. */
  async save(checkpoint: Checkpoint): Promise<void> {
    await writeFileAtomically(this.#pathOf(checkpoint.destination), formatCheckpoint(checkpoint));
  }

  /** Keeps the checkpoint of a destination that is no longer there, or off, for when it is again. */
  async retire(destination: string): Promise<void> {
    await rename(this.#pathOf(destination), this.#dormantPathOf(destination));
  }

  /**
   * Gives a destination's checkpoint to one of another name that has none, dormant or not.
   *
   * @returns false when there is none to give, or the other has one.
   */
  async hand(from: string, to: string): Promise<boolean> {
    if ((await this.load(to)).kind !== 'none') return false;
    const loaded = await this.load(from);
    if (loaded.kind !== 'found' && loaded.kind !== 'dormant') return false;
    await this.save({ ...loaded.checkpoint, destination: to });
    await rm(this.#pathOf(from));
    return true;
  }

  /** The destinations that have a checkpoint, by name. Changes nothing. @throws what the file system says. */
  async names(): Promise<readonly string[]> {
    const files = await readdir(this.#directory);
    return files.flatMap((file) => /^([^.].*)\.json$/.exec(file)?.[1] ?? []).toSorted();
  }

  /**
   * A destination's checkpoint and when it was saved, for who only looks: nothing is set aside.
   *
   * @throws {CheckpointError} when it can't be used; else what the file system says.
   */
  async peek(destination: string): Promise<{ readonly checkpoint: Checkpoint; readonly savedMs: number }> {
    const path = this.#pathOf(destination);
    const checkpoint = this.#ownedBy(destination, parseCheckpoint(await readFile(path, 'utf8')));
    return { checkpoint, savedMs: (await stat(path)).mtimeMs };
  }

  #ownedBy(destination: string, checkpoint: Checkpoint): Checkpoint {
    if (checkpoint.destination === destination) return checkpoint;
    throw new CheckpointError('damaged', `it belongs to destination ${JSON.stringify(checkpoint.destination)}`);
  }

  /** True when a checkpoint was dormant, and the destination has no other. */
  async #wake(destination: string): Promise<boolean> {
    const path = this.#pathOf(destination);
    try {
      await stat(path);
      return false;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw new StateError(`checkpoint ${path} can't be read: ${messageOf(error)}`);
    }
    try {
      await rename(this.#dormantPathOf(destination), path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw new StateError(`checkpoint ${path} can't be restored: ${messageOf(error)}`);
    }
  }

  #dormantPathOf(destination: string): string {
    return `${this.#pathOf(destination)}.dormant`;
  }

  #pathOf(destination: string): string {
    return join(this.#directory, `${destination}.json`);
  }
}
