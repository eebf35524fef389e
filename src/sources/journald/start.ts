import type { Clock, Start, StartPoint } from '#sdk';
import type { EntryFinder } from './finder.ts';
import { positionOf } from './head.ts';

const beginning: StartPoint = { kind: 'beginning' };

/** After the entry before the newest `count`; when there are not more than those, from the beginning. */
const beforeNewest = async (finder: EntryFinder, count: number, signal: AbortSignal): Promise<StartPoint> => {
  const before = positionOf(await finder.newest(count + 1, signal));
  if (before === undefined) return beginning;
  const first = count === 0 ? undefined : positionOf(await finder.newest(count, signal));
  return first?.cursor() === before.cursor() ? beginning : { kind: 'after', cursor: before.cursor() };
};

/**
 * Turns a configured start into a point that means the same after a restart. `now` in an empty journal is its beginning:
 * a time could lose what is logged before the clock is set.
 *
 * @throws {SourceError} when that can't be told.
 */
export const resolveStart = async (
  clock: Clock,
  finder: EntryFinder,
  start: Start,
  signal: AbortSignal,
): Promise<StartPoint> => {
  switch (start.kind) {
    case 'now':
      return await beforeNewest(finder, 0, signal);
    case 'last':
      return await beforeNewest(finder, start.records, signal);
    case 'ago':
      return { kind: 'since', timeUs: Math.max(0, Math.floor((clock.now() - start.ms) * 1000)) };
    case 'since':
    case 'beginning':
      return start;
  }
};
