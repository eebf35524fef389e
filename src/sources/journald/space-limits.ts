import type { StorageSettings } from './journald-conf.ts';

/** The file system that journal files are on. */
export interface FileSystemSpace {
  readonly sizeBytes: number;
  /** Free for who is not root. */
  readonly availableBytes: number;
}

export interface SpaceLimits {
  /** What journald keeps, its newest file left out of account. */
  readonly maxBytes: number;
  /** Size at which a file is archived. */
  readonly maxFileBytes: number;
}

const mebibyte = 1024 ** 2;
/**
 * What journald chooses where nothing is configured (journal-file.c; seen on systemd 252, which keeps 5 % of the file system
 * free and not 15 %, as journald.conf(5) has it).
 */
const largestMaxUse = 4096 * mebibyte;
const smallestMaxUse = mebibyte;
const largestKeepFree = 4096 * mebibyte;
const largestFile = 128 * mebibyte;
const smallestFile = mebibyte / 2;
const smallestMinUse = mebibyte;
const largestMinUse = 16 * mebibyte;

const pageBytes = 4096;
const pages = (bytes: number): number => Math.ceil(bytes / pageBytes) * pageBytes;

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** journald's rules for how much it keeps, given what it uses now: a disk that others fill leaves it less. */
export const spaceLimits = (settings: StorageSettings, space: FileSystemSpace, usedBytes: number): SpaceLimits => {
  const { maxUseBytes, keepFreeBytes, maxFileBytes } = settings;
  const share = (part: number): number => pages(Math.floor(space.sizeBytes / part));
  const wanted =
    maxUseBytes === undefined
      ? clamp(share(10), smallestMaxUse, largestMaxUse)
      : Math.max(pages(maxUseBytes), 2 * smallestFile);
  const file = Math.max(pages(maxFileBytes ?? Math.min(wanted / 8, largestFile)), smallestFile);
  const maxUse = Math.max(wanted, 2 * file);
  const keepFree = keepFreeBytes ?? Math.min(share(20), largestKeepFree);
  const minUse = Math.min(clamp(share(50), smallestMinUse, largestMinUse), maxUse);
  const reachable = usedBytes + Math.max(0, space.availableBytes - keepFree);
  return { maxBytes: clamp(reachable, minUse, maxUse), maxFileBytes: file };
};
