import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '#sdk';
import type { JournalPlace } from './reading.ts';

/** Where journald keeps its files (systemd-journald.service(8)): on disk, and in memory until they are moved there. */
export const journaldFolders = { persistent: 'var/log/journal', volatile: 'run/log/journal' } as const;

/** Both of this host, as paths. */
export const hostFolders = ({ hostRoot }: JournalPlace): readonly string[] =>
  [journaldFolders.persistent, journaldFolders.volatile].map((folder) => join(hostRoot, folder));

const rootsOf = (place: JournalPlace): readonly string[] =>
  place.directory === undefined ? hostFolders(place) : [place.directory];

/** System errors that mean missing rights. */
export const deniedCodes: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM']);

/** Names of a folder; none when it isn't there. Undefined when it may not be listed. */
export const listNames = async (folder: string): Promise<readonly string[] | undefined> => {
  try {
    return await readdir(folder);
  } catch (error) {
    return deniedCodes.has(codeOf(error)) ? undefined : [];
  }
};

const isInNamespace = (folder: string, namespace: string | undefined): boolean => {
  const own = /\.(.+)$/.exec(folder)?.[1];
  if (namespace === '*') return true;
  if (namespace?.startsWith('+') === true) return own === undefined || own === namespace.slice(1);
  return own === namespace;
};

/** The folders of machines, named by machine id, and their namespaces. */
const subfoldersOf = async (root: string, namespace: string | undefined): Promise<readonly string[]> =>
  ((await listNames(root)) ?? [])
    .filter((name) => /^[0-9a-f]{32}(?:\.|$)/.test(name) && isInNamespace(name, namespace))
    .map((name) => join(root, name));

/** All folders that are read: journalctl takes journal files there and one level below. */
export const foldersOf = async (place: JournalPlace): Promise<readonly string[]> => {
  const roots = rootsOf(place);
  const below = await Promise.all(roots.map(async (root) => await subfoldersOf(root, place.namespace)));
  return [...roots, ...below.flat()];
};

/** `journalctl` and journald leave all other files alone (journald.conf(5)). */
export const isJournalFile = (name: string): boolean => /\.journal~?$/.test(name);
