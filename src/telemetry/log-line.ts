import { isJsonObject, type JsonObject } from '../event/json.ts';

const parse = (line: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A line of the agent's log as people read it on a terminal: `sluice warn loggly: message (key=value)`. */
export const formatForPeople = (line: string): string => {
  const parsed = parse(line);
  if (parsed === undefined) return line;
  const { level, component, message, time: _, ...fields } = parsed;
  const details = Object.entries(fields).map(([key, value]) => `${key}=${text(value)}`);
  const suffix = details.length > 0 ? ` (${details.join(' ')})` : '';
  return `sluice ${text(level)} ${text(component)}: ${text(message)}${suffix}\n`;
};
