import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '#sdk';
import { parseRotatedName, type RotatedName } from './file-name.ts';
import type { PathTemplate } from './path-template.ts';

/** A file on the disk that fits a destination's path. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  readonly changedMs: number;
  /** Undefined for a file that is still appended to. Only a rotated file is certain to be ours. */
  readonly rotated: RotatedName | undefined;
}

/** A file or folder may go while it is looked at. */
const unlessGone = async <Result>(found: Promise<Result>): Promise<Result | undefined> =>
  found.catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });

const describeFile = async (path: string, name: string): Promise<FoundFile | undefined> => {
  const seen = await unlessGone(stat(path));
  if (seen === undefined) return undefined;
  return { path, bytes: seen.size, changedMs: seen.mtimeMs, rotated: parseRotatedName(name) };
};

const scanFolder = async (folder: string, template: PathTemplate, depth: number): Promise<FoundFile[]> => {
  const found: FoundFile[] = [];
  for (const entry of (await unlessGone(readdir(folder, { withFileTypes: true }))) ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth > 0) found.push(...(await scanFolder(path, template, depth - 1)));
    if (!entry.isFile() || !template.covers(path)) continue;
    const file = await describeFile(path, entry.name);
    if (file !== undefined) found.push(file);
  }
  return found;
};

/** All files that fit `template`, rotated ones included. Symbolic links are not followed. */
export const scan = async (template: PathTemplate): Promise<readonly FoundFile[]> =>
  scanFolder(template.base, template, template.depth);

/** Rotated files, oldest first. */
export const rotatedByAge = (files: readonly FoundFile[]): readonly FoundFile[] =>
  files
    .filter((file) => file.rotated !== undefined)
    .toSorted((a, b) => (a.rotated?.stamp ?? '').localeCompare(b.rotated?.stamp ?? ''));
