import { access, constants } from 'node:fs/promises';
import { codeOf, SourceError } from '#sdk';
import type { JournalCursor } from '../cursor.ts';
import type { EntryFinder, Finding } from '../finder.ts';
import type { JournalPosition } from '../position.ts';
import { SameEntry } from '../same-entry.ts';
import { findBoot, maxUnreadable } from './find-index.ts';
import type { JournalFile } from './journal-file.ts';
import { JournalMerge, type MergeOptions } from './journal-merge.ts';
import { type Location, locationOf } from './location.ts';
import type { Compare, OrderedEntry } from './order.ts';

/** Fields don't matter to whoever asks where entries are. */
const noFields: readonly string[] = [];

/** A configured folder has to be there; a host's own may yet come. */
const checkDirectory = async (directory: string | undefined): Promise<void> => {
  if (directory === undefined) return;
  try {
    await access(directory, constants.R_OK | constants.X_OK);
  } catch (error) {
    const isDenied = codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM';
    throw new SourceError(
      isDenied ? 'denied' : 'unavailable',
      `the journal ${directory} can't be opened: ${isDenied ? 'permission denied' : 'no such folder'}; ` +
        'check sources.journald.directory and its rights',
    );
  }
};

const positionAt = (file: JournalFile, index: number): JournalPosition | undefined =>
  index < 0 ? undefined : file.positionAt(index);

const newestOf = (
  positions: readonly (JournalPosition | undefined)[],
  compare: Compare<OrderedEntry>,
): JournalPosition | undefined =>
  positions.reduce(
    (newest, each) => (newest === undefined || (each !== undefined && compare(newest, each) < 0) ? each : newest),
    undefined,
  );

/** A file, walked through from its newest entry back. */
interface Walk {
  readonly file: JournalFile;
  index: number;
  position: JournalPosition | undefined;
}

/** Behind a row of too many that can't be read, nothing of a file is looked for. */
const stepBack = (walk: Walk): void => {
  const end = walk.index - 1 - maxUnreadable;
  walk.position = undefined;
  while (walk.position === undefined && walk.index > Math.max(0, end)) {
    walk.index -= 1;
    walk.position = positionAt(walk.file, walk.index);
  }
};

/** Walks back from the newest entry over `count` of them, or to the oldest. */
const walkBack = ({ files, compare }: JournalMerge, count: number): JournalPosition | undefined => {
  const walks = files.map((file): Walk => ({ file, index: file.entries, position: undefined }));
  walks.forEach(stepBack);
  let found: JournalPosition | undefined;
  for (let left = count; left > 0; left -= 1) {
    const newest = newestOf(
      walks.map(({ position }) => position),
      compare,
    );
    if (newest === undefined) return found;
    found = newest;
    // An entry that stands in several files counts once.
    for (const walk of walks) if (walk.position?.cursor() === newest.cursor()) stepBack(walk);
  }
  return found;
};

const newestOfBoot = ({ files, compare }: JournalMerge, bootId: string): JournalPosition | undefined =>
  newestOf(
    files.map((file) => {
      const boot = findBoot(file, bootId);
      return boot === undefined ? undefined : positionAt(file, boot.end - 1);
    }),
    compare,
  );

const findSame = (cursor: JournalCursor, journal: JournalMerge): JournalPosition | undefined => {
  const entry = new SameEntry(cursor);
  for (;;) {
    const { records, isLast } = journal.read();
    if (records.some(({ position }) => entry.look(position)) || isLast) return entry.found;
  }
};

/**
 * The first entry at a place, of the cursor's counter where there is one: after a power loss, or where an older copy was put
 * back, it may have none at the cursor's number or after it, and entries of others would hide that.
 */
const firstAt = (journal: JournalMerge, { sequenceId }: Location): JournalPosition | undefined => {
  const own = journal.files.filter((file) => file.sequenceId === sequenceId && file.entries > 0);
  if (own.length === 0) return journal.read().records[0]?.position;
  return own
    .flatMap((file) => file.peek() ?? [])
    .toSorted(journal.compare)
    .at(0);
};

/** Finds entries in the files themselves. */
export const createNativeFinder = (options: MergeOptions): EntryFinder => {
  const look = async (
    seek: Parameters<EntryFinder['at']>[0],
    signal: AbortSignal,
    find: (journal: JournalMerge) => JournalPosition | undefined,
  ): Promise<Finding> => {
    signal.throwIfAborted();
    await checkDirectory(options.place.directory);
    const journal = new JournalMerge({ ...options, fields: noFields }, locationOf(seek), undefined);
    try {
      await journal.look();
      signal.throwIfAborted();
      return { position: find(journal) };
    } finally {
      journal.close();
    }
  };
  const beginning = { kind: 'beginning' } as const;
  return {
    at: async (seek, signal) => await look(seek, signal, (journal) => firstAt(journal, locationOf(seek))),
    same: async (cursor, seek, signal) => await look(seek, signal, (journal) => findSame(cursor, journal)),
    newest: async (count, signal) => await look(beginning, signal, (journal) => walkBack(journal, count)),
    newestOfBoot: async (bootId, signal) => await look(beginning, signal, (journal) => newestOfBoot(journal, bootId)),
  };
};
