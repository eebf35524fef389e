import type { JsonValue } from '../event/json.ts';
import type { Level } from '../event/level.ts';

/** A level as an application wrote it. */
export interface NamedLevel {
  readonly level: Level;
  /** False where the word says more than our level does (`trace`, `fatal`), so that it is worth keeping. */
  readonly sameMeaning: boolean;
}

const named = (
  level: Level,
  sameMeaning: boolean,
  words: readonly (string | number)[],
): [string | number, NamedLevel][] => words.map((word) => [word, { level, sameMeaning }]);

/**
 * Words of ecs-logs, syslog and common loggers, in lower case; numbers of syslog (RFC 5424 table 2) and of pino and
 * bunyan (10 to 60).
 */
const levelsByWord: ReadonlyMap<JsonValue, NamedLevel> = new Map<JsonValue, NamedLevel>([
  ...named('EMERG', true, ['emerg', 'emergency', 0]),
  ...named('ALERT', true, ['alert', 1]),
  ...named('CRIT', true, ['crit', 'critical', 2]),
  ...named('CRIT', false, ['fatal', 'panic', 'dpanic', 60]),
  ...named('ERROR', true, ['error', 'err', 3, 50]),
  ...named('WARN', true, ['warn', 'warning', 4, 40]),
  ...named('NOTICE', true, ['notice', 5]),
  ...named('INFO', true, ['info', 'information', 'informational', 6, 30]),
  ...named('DEBUG', true, ['debug', 'dbg', 7, 20]),
  ...named('DEBUG', false, ['trace', 'verbose', 'silly', 10]),
]);

/** Longest word in the table; what is longer costs no conversion. */
const longestWord = 13;

/** Undefined for a value that names no level. */
export const parseLevel = (value: JsonValue | undefined): NamedLevel | undefined => {
  if (typeof value === 'number') return levelsByWord.get(value);
  if (typeof value !== 'string' || value.length > longestWord) return undefined;
  return levelsByWord.get(value) ?? levelsByWord.get(value.toLowerCase());
};
