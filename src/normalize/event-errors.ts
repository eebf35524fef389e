import type { EventError } from '../event/event.ts';
import { isJsonObject, type JsonValue } from '../event/json.ts';

const isText = (value: JsonValue): boolean => typeof value === 'string';

const isMemberOfError = (name: string, value: JsonValue): boolean => {
  if (name === 'type' || name === 'error') return isText(value);
  return name === 'stack' && Array.isArray(value) && value.every(isText);
};

const isEventError = (value: JsonValue): value is JsonValue & EventError =>
  isJsonObject(value) && Object.entries(value).every(([name, member]) => isMemberOfError(name, member));

/** The `info.errors` of a message in the ecs-logs schema; undefined unless it is that and nothing more. */
export const parseErrors = (value: JsonValue | undefined): readonly EventError[] | undefined =>
  Array.isArray(value) && value.every(isEventError) ? value : undefined;
