import type { StartPoint } from '#sdk';
import { scanAccess } from './access.ts';
import { GapTracker } from './gaps.ts';
import type { JournalReading } from './reading.ts';

/** Undefined where numbers prove nothing: only entries that match are read, or some are hidden from this user. */
export const findGapTracker = async (
  { place, logger }: JournalReading,
  start: StartPoint,
): Promise<GapTracker | undefined> => {
  const { denied } = await scanAccess(place);
  if (place.matches.length === 0 && denied.length === 0) {
    return new GapTracker(start.kind === 'after' ? start.cursor : undefined);
  }
  const reason = denied.length === 0 ? 'sources.journald.match is set' : `no right to read ${denied[0]}`;
  logger.info({ reason }, 'journal gaps are not looked for');
  return undefined;
};
