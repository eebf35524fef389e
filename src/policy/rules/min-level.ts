import type { LogEvent } from '../../event/event.ts';
import { isAtLeast, type Level } from '../../event/level.ts';
import { levelName } from '../level-name.ts';

/** The `min_level` of a rule: events less severe are dropped. */
export const minLevelSchema = levelName().describe(
  'the least severe level that is kept: emerg, alert, crit, error, warn, notice, info, debug',
);

/** Tells whether an event is dropped because it is less severe than `minLevel`. */
export const createMinLevelTest =
  (minLevel: Level) =>
  (event: LogEvent): boolean =>
    !isAtLeast(event.level, minLevel);
