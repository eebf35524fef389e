import { isJsonObject, type JsonObject, type JsonValue } from '../event/json.ts';

/** A JSON object under construction. */
export type Members = Record<string, JsonValue>;

/** Sets a member whatever its name: assigning to `__proto__` would not make one. */
export const setMember = (members: Members, name: string, value: JsonValue): void => {
  if (name === '__proto__') {
    Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    members[name] = value;
  }
};

/** An object of the text, not a number that is kept as written. */
export const isPlainObject = (value: JsonValue | undefined): value is JsonObject =>
  isJsonObject(value) && !JSON.isRawJSON(value);

export const isEmpty = (object: JsonObject): boolean => {
  for (const name in object) if (Object.hasOwn(object, name)) return false;
  return true;
};
