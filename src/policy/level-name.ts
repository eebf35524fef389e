import { z } from 'zod';
import { type Level, levels } from '../event/level.ts';
import { messageOf } from '../platform/error.ts';
import { nearestName } from '../platform/nearest-name.ts';

/** Names that are as usual as ours: syslog.h's own, and what logging libraries print. */
const aliases: Readonly<Record<string, Level>> = {
  EMERGENCY: 'EMERG',
  PANIC: 'EMERG',
  CRITICAL: 'CRIT',
  ERR: 'ERROR',
  WARNING: 'WARN',
  TRACE: 'DEBUG',
};

const names = levels.map((level) => level.toLowerCase());

/**
 * The level of a name in any case, aliases included.
 *
 * @throws {TypeError} when there is no such level, naming those there are.
 */
export const parseLevelName = (name: string): Level => {
  const upper = name.toUpperCase();
  const level = levels.find((candidate) => candidate === upper);
  if (level !== undefined) return level;
  const alias = Object.hasOwn(aliases, upper) ? aliases[upper] : undefined;
  if (alias !== undefined) return alias;
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
  throw new TypeError(`${JSON.stringify(name)} is no level (${names.join(', ')})${hint}`);
};

/** A level by its name; parses to the level. */
export const levelName = () =>
  z.string().transform((name, context) => {
    try {
      return parseLevelName(name);
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) });
      return z.NEVER;
    }
  });
