import { type Source, type SourceCheck, SourceError } from '#sdk';
import { type JournalAccess, scanAccess } from './access.ts';
import { uncountedBecause } from './counting.ts';
import type { EntryFinder } from './finder.ts';
import { hostFolders } from './folders.ts';
import { findHead } from './head.ts';
import type { JournalPlace, JournalReading } from './reading.ts';

const describe = (place: JournalPlace): string => {
  if (place.directory !== undefined) return `journal files in ${place.directory}`;
  const namespace = place.namespace === undefined ? 'journal' : `journal namespace ${place.namespace}`;
  return `${namespace} of this host (${hostFolders(place).join(', ')})`;
};

const explainHidden = ({ readable, total, denied }: JournalAccess): string =>
  `you see ${readable} of ${total} journals (no right to read ${denied[0]}); ` +
  'add yourself to group systemd-journal (sudo usermod -aG systemd-journal "$USER") and log in again';

const explainNone = (place: JournalPlace): string =>
  place.directory === undefined
    ? `there is no journal: no files in ${hostFolders(place).join(' or ')}; is systemd-journald running? ` +
      'In a container, mount both folders and /etc/machine-id of the host'
    : `there is no journal in ${place.directory}; check sources.journald.directory`;

const checkOf = ({ place, gapStatus }: JournalReading, access: JournalAccess): SourceCheck => {
  const { readable, total } = access;
  const isHidden = readable < total;
  return {
    description: describe(place),
    warnings: isHidden ? [explainHidden(access)] : [],
    hidden: isHidden ? { readable, total } : undefined,
    gapDetection: gapStatus.detection(uncountedBecause(place, access)),
  };
};

/**
 * Makes the check that there is a journal, and how much of it this user sees. It may be repeated at any time: the
 * finder is asked until it has answered once, and again only where no file is seen.
 */
export const createCheck = (reading: JournalReading, finder: EntryFinder): Source['check'] => {
  let hasAnswered = false;
  return async (signal) => {
    const access = await scanAccess(reading.place);
    if (access.total > 0 && access.readable === 0) throw new SourceError('denied', explainHidden(access));
    if (!hasAnswered || access.total === 0) {
      const head = await findHead(finder, signal);
      if (head === undefined && access.total === 0) throw new SourceError('unavailable', explainNone(reading.place));
      hasAnswered = true;
    }
    return checkOf(reading, access);
  };
};
