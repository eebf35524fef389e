import { join } from 'node:path';
import type { StartPoint } from '#sdk';
import { readHostIdentity } from '../../platform/host-identity.ts';
import { type JournalAccess, scanAccess } from './access.ts';
import { DockerOrdinals } from './docker-ordinals.ts';
import { GapTracker } from './gaps.ts';
import { Losses } from './losses.ts';
import { JournalPosition } from './position.ts';
import type { JournalPlace, JournalReading } from './reading.ts';
import { Renumbered } from './renumbered.ts';

/** Why counts prove nothing: only entries that match are read, or some are hidden from this user. */
export const uncountedBecause = ({ matches }: JournalPlace, { denied }: JournalAccess): string | undefined => {
  if (matches.length > 0) return 'sources.journald.match is set';
  return denied[0] === undefined ? undefined : `no right to read ${denied[0]}`;
};

/** Whether all entries are seen now, so that their numbers prove something; says it when not. */
export const isCounting = async ({ place, gapStatus, logger }: JournalReading): Promise<boolean> => {
  const reason = uncountedBecause(place, await scanAccess(place));
  if (reason === undefined) return true;
  gapStatus.look(reason);
  logger.info({ reason }, 'journal gaps are not looked for');
  return false;
};

/** Begins to look for what is lost after `start`. */
export const beginCounting = async (reading: JournalReading, start: StartPoint): Promise<Losses> => {
  reading.gapStatus.look(undefined);
  const cursor = start.kind === 'after' ? start.cursor : undefined;
  const after = cursor === undefined ? undefined : JournalPosition.parse(cursor);
  const copies = copiesIn(reading, after);
  if (!(await isCounting(reading))) return new Losses(undefined, after, copies);
  const counts = { gaps: new GapTracker(after, reading.gapStatus), ordinals: new DockerOrdinals() };
  return new Losses(counts, after, copies);
};

/** In the journal of a host whose machine id is known. */
const copiesIn = ({ place, logger }: JournalReading, after: JournalPosition | undefined): Renumbered | undefined => {
  const machineIdFile = join(place.hostRoot, 'etc/machine-id');
  const { machineId } = readHostIdentity({ hostname: () => '', machineIdFile });
  if (place.directory !== undefined || machineId === undefined) return undefined;
  return new Renumbered({
    machineId,
    after,
    onCopies: (copies) =>
      logger.info({ copies }, 'journald numbered anew what it copied from memory to disk; it was read before'),
  });
};
