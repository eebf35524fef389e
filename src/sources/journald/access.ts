import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, SourceError, type SourceCheck } from '#sdk';
import { findHead } from './head.ts';
import type { JournalPlace, JournalReading } from './reading.ts';

/** Where journald keeps its files (systemd-journald.service(8)): on disk, and in memory until they are moved there. */
const hostRoots = ['/var/log/journal', '/run/log/journal'];

/** Journals (one per user, one of the system) below the places that are read. */
export interface JournalAccess {
  readonly total: number;
  readonly readable: number;
  /** Files or folders that may not be read. */
  readonly denied: readonly string[];
}

const rootsOf = (place: JournalPlace): readonly string[] =>
  place.directory === undefined ? hostRoots : [place.directory];

const deniedCodes: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM']);

/** Names of a folder; none when it isn't there. Undefined when it may not be listed. */
const list = async (folder: string): Promise<readonly string[] | undefined> => {
  try {
    return await readdir(folder);
  } catch (error) {
    return deniedCodes.has(codeOf(error)) ? undefined : [];
  }
};

const isReadable = async (file: string): Promise<boolean> => {
  try {
    await (await open(file, 'r')).close();
    return true;
  } catch (error) {
    // A file that was just removed hides nothing.
    return !deniedCodes.has(codeOf(error));
  }
};

/** `user-1000` of `user-1000@0005-0006.journal`: archived files belong to the journal that they were part of. */
const journalName = (file: string): string => file.replace(/(?:@.*)?\.journal~?$/, '');

const isInNamespace = (folder: string, namespace: string | undefined): boolean => {
  const own = /\.(.+)$/.exec(folder)?.[1];
  if (namespace === '*') return true;
  if (namespace?.startsWith('+') === true) return own === undefined || own === namespace.slice(1);
  return own === namespace;
};

/** The folders of machines, named by machine id, and their namespaces. */
const subfoldersOf = async (root: string, namespace: string | undefined): Promise<readonly string[]> =>
  ((await list(root)) ?? [])
    .filter((name) => /^[0-9a-f]{32}(?:\.|$)/.test(name) && isInNamespace(name, namespace))
    .map((name) => join(root, name));

const foldersOf = async (place: JournalPlace): Promise<readonly string[]> => {
  const roots = rootsOf(place);
  const below = await Promise.all(roots.map(async (root) => await subfoldersOf(root, place.namespace)));
  return [...roots, ...below.flat()];
};

/** Looks at every journal file that would be read; opening it is the only sure test. */
export const scanAccess = async (place: JournalPlace): Promise<JournalAccess> => {
  const all = new Set<string>();
  const hidden = new Set<string>();
  const denied: string[] = [];
  for (const folder of await foldersOf(place)) {
    const names = await list(folder);
    if (names === undefined) {
      denied.push(folder);
      all.add(folder);
      hidden.add(folder);
    }
    for (const name of names?.filter((each) => /\.journal~?$/.test(each)) ?? []) {
      const journal = join(folder, journalName(name));
      all.add(journal);
      if (await isReadable(join(folder, name))) continue;
      hidden.add(journal);
      denied.push(join(folder, name));
    }
  }
  return { total: all.size, readable: all.size - hidden.size, denied };
};

const describe = (place: JournalPlace): string => {
  if (place.directory !== undefined) return `journal files in ${place.directory}`;
  const namespace = place.namespace === undefined ? 'journal' : `journal namespace ${place.namespace}`;
  return `${namespace} of this host (${hostRoots.join(', ')})`;
};

const explainHidden = ({ readable, total, denied }: JournalAccess): string =>
  `you see ${readable} of ${total} journals (no right to read ${denied[0]}); ` +
  'add yourself to group systemd-journal (sudo usermod -aG systemd-journal "$USER") and log in again';

const explainNone = (place: JournalPlace): string =>
  place.directory === undefined
    ? `there is no journal: no files in ${hostRoots.join(' or ')}; is systemd-journald running? ` +
      'In a container, mount both folders and /etc/machine-id of the host'
    : `there is no journal in ${place.directory}; check sources.journald.directory`;

/**
 * Checks that there is a journal and how much of it this user sees.
 *
 * @throws {SourceError} when there is none, or nothing of it can be read.
 */
export const checkAccess = async (reading: JournalReading, signal: AbortSignal): Promise<SourceCheck> => {
  const { place } = reading;
  const access = await scanAccess(place);
  if (access.total > 0 && access.readable === 0) throw new SourceError('denied', explainHidden(access));
  const head = await findHead(reading, signal);
  if (head === undefined && access.total === 0) throw new SourceError('unavailable', explainNone(place));
  const hidden = access.readable < access.total ? explainHidden(access) : undefined;
  return { description: describe(place), warnings: hidden === undefined ? [] : [hidden], hidden };
};
