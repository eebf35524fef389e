import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '#sdk';
import { deniedCodes, foldersOf, isJournalFile, listNames } from './folders.ts';
import type { JournalPlace } from './reading.ts';

/** Journals (one per user, one of the system) below the places that are read. */
export interface JournalAccess {
  readonly total: number;
  readonly readable: number;
  /** Files or folders that may not be read. */
  readonly denied: readonly string[];
}

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

/** Looks at every journal file that would be read; opening it is the only sure test. */
export const scanAccess = async (place: JournalPlace): Promise<JournalAccess> => {
  const all = new Set<string>();
  const hidden = new Set<string>();
  const denied: string[] = [];
  for (const folder of await foldersOf(place)) {
    const names = await listNames(folder);
    if (names === undefined) {
      denied.push(folder);
      all.add(folder);
      hidden.add(folder);
    }
    for (const name of names?.filter(isJournalFile) ?? []) {
      const journal = join(folder, journalName(name));
      all.add(journal);
      if (await isReadable(join(folder, name))) continue;
      hidden.add(journal);
      denied.push(join(folder, name));
    }
  }
  return { total: all.size, readable: all.size - hidden.size, denied };
};
