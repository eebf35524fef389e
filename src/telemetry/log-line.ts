import { isJsonObject, type JsonObject } from '../event/json.ts';
import { printable } from '../platform/printable.ts';

const parse = (line: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Nothing that a terminal obeys, and no line that could pass for another entry. */
const text = (value: unknown): string =>
  (typeof value === 'string' ? value : JSON.stringify(value)).split('\n').map(printable).join('\n    ');

/** A line of the agent's log as people read it on a terminal: `sluice warn loggly: message (key=value)`. */
export const formatForPeople = (line: string): string => {
  const parsed = parse(line);
  if (parsed === undefined) return line;
  const { level, component, message, time: _, ...fields } = parsed;
  const details = Object.entries(fields).map(([key, value]) => `${text(key)}=${text(value)}`);
  const suffix = details.length > 0 ? ` (${details.join(' ')})` : '';
  return `sluice ${text(level)} ${text(component)}: ${text(message)}${suffix}\n`;
};
