import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { syncFolder } from './sync-folder.ts';

/**
 * Replaces a rotated file by its gzip. The original goes only when the new one is on the disk, so that a crash at any
 * point loses nothing; done again after one, it ends the same.
 */
export const compress = async (path: string, signal: AbortSignal): Promise<void> => {
  const partial = `${path}.gz.partial`;
  try {
    await pipeline(createReadStream(path), createGzip(), createWriteStream(partial, { mode: 0o640, flush: true }), {
      signal,
    });
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await rename(partial, `${path}.gz`);
  await syncFolder(dirname(path));
  await rm(path, { force: true });
};
