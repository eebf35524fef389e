import { access, constants } from 'node:fs/promises';
import { codeOf, messageOf, type FailureScope, type SendResult } from '#sdk';

/** Why a file can't take lines now, where the operating system has no word for it. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly status: 'retry' | 'denied';

  constructor(status: 'retry' | 'denied', message: string) {
    super(message);
    this.status = status;
  }
}

/** errno(3) names of what waits for a person, with the remedy. Everything else is tried again. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'let the user that sluice runs as write there',
  EPERM: 'the file may be immutable (lsattr), or the folder belong to somebody else',
  EROFS: 'the file system is read-only; under systemd, name the folder in ReadWritePaths=',
  EISDIR: 'it is a folder; choose another path',
  ENOTDIR: 'a part of the path is a file; choose another path',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'shorten the path',
};

/** A file system that is full or gone concerns all files; a folder that takes none, too. */
const scopeOf = async (code: string, base: string): Promise<FailureScope> => {
  if (code === 'EROFS') return 'destination';
  const isWritable = await access(base, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return isWritable ? 'batch' : 'destination';
};

/**
 * What a failure means for the lane: `denied` where somebody must act, else `retry`. `base` is the destination's folder.
 *
 * @throws `error` itself when no file is to blame: that is a bug.
 */
export const classify = async (
  error: unknown,
  path: string,
  base: string,
  signal: AbortSignal,
): Promise<SendResult> => {
  if (error instanceof FileError) return { status: error.status, scope: 'batch', reason: error.message };
  const code = codeOf(error);
  if (signal.aborted) return { status: 'retry', scope: 'destination', reason: `stopped before ${path} was written` };
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
  const remedy = remedies[code];
  if (remedy === undefined) {
    return { status: 'retry', scope: 'destination', reason: `can't write ${path}: ${messageOf(error)}` };
  }
  const scope = await scopeOf(code, base);
  return { status: 'denied', scope, reason: `can't write ${path}: ${messageOf(error)}; ${remedy}` };
};
