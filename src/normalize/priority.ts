import { CommonFacts } from '../event/common-facts.ts';
import { levels, type Level } from '../event/level.ts';
import type { RecordFields } from '../event/record.ts';

const levelsByPriority: ReadonlyMap<string, Level> = new Map(levels.map((level, index) => [String(index), level]));

const priorityLevels = new CommonFacts((fields): Level => {
  const first = fields.get('PRIORITY');
  if (first === undefined) return 'INFO';
  const level = levelsByPriority.get(first);
  if (level !== undefined) return level;
  const valid = fields.all('PRIORITY').find((value) => levelsByPriority.has(value));
  return (valid === undefined ? undefined : levelsByPriority.get(valid)) ?? 'INFO';
});

/** The level of the journal's PRIORITY: its first valid value, for a repeated field; INFO where there is none. */
export const priorityLevel = (fields: RecordFields): Level => priorityLevels.of(fields);
