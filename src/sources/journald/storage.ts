import { access, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readHostIdentity } from '../../platform/host-identity.ts';
import { foldersOf, journaldFolders } from './folders.ts';
import type { StorageKind } from './journald-conf.ts';
import type { JournalPlace } from './reading.ts';

/** Where lines are kept, and which journald it is that removes them. */
export interface JournalStorage {
  readonly folders: readonly string[];
  readonly persistent: boolean;
  /** Undefined where files are not journald's of this host, so that nothing is known of their limits. */
  readonly keeper: { readonly namespace: string | undefined; readonly kind: StorageKind } | undefined;
}

const exists = async (path: string): Promise<boolean> =>
  await access(path).then(
    () => true,
    () => false,
  );

/** TMPFS_MAGIC and RAMFS_MAGIC of linux/magic.h. */
const memoryFileSystems: ReadonlySet<number> = new Set([0x01_02_19_94, 0x85_84_58_f6]);

const storageOfDirectory = async (place: JournalPlace, directory: string): Promise<JournalStorage> => ({
  folders: await foldersOf(place),
  persistent: !memoryFileSystems.has((await statfs(directory)).type),
  keeper: undefined,
});

/** In a container the host's journald is not to be seen, nor its configuration. */
const isJournaldHere = async ({ hostRoot }: JournalPlace, namespace: string | undefined): Promise<boolean> =>
  await exists(join(hostRoot, 'run/systemd', namespace === undefined ? 'journal' : `journal.${namespace}`));

/**
 * Finds where this host's journald keeps its lines: in memory while it has a file open there. Undefined where that is not
 * one place: several namespaces, each with limits of its own, or a host without machine id.
 */
const storageOfHost = async (place: JournalPlace): Promise<JournalStorage | undefined> => {
  const { hostRoot, namespace } = place;
  const machineIdFile = join(hostRoot, 'etc/machine-id');
  const { machineId } = readHostIdentity({ hostname: () => '', machineIdFile });
  if (machineId === undefined || (namespace !== undefined && /^[*+]/.test(namespace))) return undefined;
  const name = namespace === undefined ? machineId : `${machineId}.${namespace}`;
  const volatile = join(hostRoot, journaldFolders.volatile, name);
  const persistent = !(await exists(join(volatile, 'system.journal')));
  const kind = persistent ? 'System' : 'Runtime';
  return {
    folders: [persistent ? join(hostRoot, journaldFolders.persistent, name) : volatile],
    persistent,
    keeper: (await isJournaldHere(place, namespace)) ? { namespace, kind } : undefined,
  };
};

/** Finds where the lines of a place are kept; undefined where that can't be told. */
export const findStorage = async (place: JournalPlace): Promise<JournalStorage | undefined> => {
  const { directory, hostRoot } = place;
  const isOfHost = directory === undefined || resolve(directory) === join(hostRoot, journaldFolders.persistent);
  return isOfHost ? await storageOfHost(place) : await storageOfDirectory(place, directory);
};
