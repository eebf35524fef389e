import type { Start, StartPoint } from '#sdk';
import { positionOf } from './head.ts';
import { findNewest } from './probe.ts';
import type { JournalPosition } from './position.ts';
import type { JournalReading } from './reading.ts';

const beginning: StartPoint = { kind: 'beginning' };

const oldestOfNewest = async (
  reading: JournalReading,
  count: number,
  signal: AbortSignal,
): Promise<JournalPosition | undefined> => positionOf(await findNewest(reading, reading.place, count, signal));

/** After the entry before the newest `count`; when there are not more than those, from the beginning. */
const beforeNewest = async (reading: JournalReading, count: number, signal: AbortSignal): Promise<StartPoint> => {
  const before = await oldestOfNewest(reading, count + 1, signal);
  if (before === undefined) return beginning;
  const first = count === 0 ? undefined : await oldestOfNewest(reading, count, signal);
  return first?.cursor() === before.cursor() ? beginning : { kind: 'after', cursor: before.cursor() };
};

/**
 * Turns a configured start into a point that means the same after a restart. `now` in an empty journal is its beginning:
 * a time could lose what is logged before the clock is set.
 *
 * @throws {SourceError} when journalctl can't tell.
 */
export const resolveStart = async (reading: JournalReading, start: Start, signal: AbortSignal): Promise<StartPoint> => {
  switch (start.kind) {
    case 'now':
      return await beforeNewest(reading, 0, signal);
    case 'last':
      return await beforeNewest(reading, start.records, signal);
    case 'ago':
      return { kind: 'since', timeUs: Math.max(0, Math.floor((reading.clock.now() - start.ms) * 1000)) };
    case 'since':
    case 'beginning':
      return start;
  }
};
