import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { foldersOf, hostFolders, isJournalFile, journaldFolders, listNames } from '../folders.ts';
import type { JournalPlace } from '../reading.ts';

/** A journal file's name, as it was when its folder was listed. */
export interface ListedFile {
  readonly path: string;
  /** Its folder's name: machine and namespace, and so the journald that writes it. */
  readonly writer: string;
  /** Held in memory, until journald copies what is in it to disk. */
  readonly isVolatile: boolean;
}

/** Clocks of file systems tick so coarsely that a second change may leave the same time. */
const coarseTickMs = 50;

/** What journalctl reads besides a host's own journals: those that systemd-journal-remote takes in. */
const remoteFolder = 'var/log/journal/remote';

/** The folders of a journal, and whether anything in them may have changed. */
export class JournalFolders {
  readonly #place: JournalPlace;
  #seen: ReadonlyMap<string, number> = new Map();
  #listedAtMs = 0;

  constructor(place: JournalPlace) {
    this.#place = place;
  }

  /** Whether files may have come or gone since the last {@link list}. */
  hasChanged(): boolean {
    for (const [folder, changedMs] of this.#seen) {
      if (changeTime(folder) !== changedMs || Math.abs(this.#listedAtMs - changedMs) < coarseTickMs) return true;
    }
    return this.#seen.size === 0;
  }

  /** All journal files there are. @param nowMs the wall clock */
  async list(nowMs: number): Promise<readonly ListedFile[]> {
    const { hostRoot, directory } = this.#place;
    const roots = directory === undefined ? [...hostFolders(this.#place), join(hostRoot, remoteFolder)] : [directory];
    // Times first: what is changed while it is listed is then listed again.
    const seen = new Map(roots.map((root) => [root, changeTime(root)]));
    const folders = new Set([...roots, ...(await foldersOf(this.#place))]);
    for (const folder of folders) if (!seen.has(folder)) seen.set(folder, changeTime(folder));
    this.#seen = seen;
    this.#listedAtMs = nowMs;
    const volatileRoot = join(hostRoot, journaldFolders.volatile);
    const lists = [...folders].map(async (folder) => await listFolder(folder, folder.startsWith(volatileRoot)));
    return (await Promise.all(lists)).flat();
  }
}

const changeTime = (folder: string): number => {
  try {
    return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  } catch {
    // A folder that may not be seen has nothing to read; the source's check says so.
    return 0;
  }
};

const listFolder = async (folder: string, isVolatile: boolean): Promise<readonly ListedFile[]> => {
  const names = (await listNames(folder)) ?? [];
  const writer = basename(folder);
  return names.filter(isJournalFile).map((name) => ({ path: join(folder, name), writer, isVolatile }));
};
