import { isJsonObject, type JsonObject, type JsonValue } from '../event/json.ts';
import { parseExactly } from './exact-number.ts';
import { outlineJson } from './json-outline.ts';

/** A line that is a JSON object. */
export interface JsonLine {
  readonly object: JsonObject;
  /** False where `object` lacks something of the line: of members with one name, only the last. */
  readonly whole: boolean;
}

/** Nobody logs deeper on purpose, and `JSON.stringify` recurses: the encoder must never run out of stack. */
const maxDepth = 100;

const space = 0x20;
const braceOpen = 0x7b;
const braceClose = 0x7d;

/** Most lines are not JSON: they must not cost a thrown error. */
const looksLikeObject = (text: string): boolean => {
  const first = text.charCodeAt(0);
  if (first !== braceOpen && first > space) return false;
  const trimmed = text.trim();
  return trimmed.charCodeAt(0) === braceOpen && trimmed.charCodeAt(trimmed.length - 1) === braceClose;
};

const countMembers = (value: JsonValue | undefined): number => {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (!isJsonObject(value)) {
    for (const item of value) count += countMembers(item);
    return count;
  }
  for (const name in value) if (Object.hasOwn(value, name)) count += 1 + countMembers(value[name]);
  return count;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON after all: the line is text, nothing is lost.
    return undefined;
  }
};

/** Undefined for a line that is not a JSON object, or nested too deep to be handled as one. */
export const parseJsonLine = (text: string): JsonLine | undefined => {
  if (!looksLikeObject(text)) return undefined;
  const { members, depth, longNumbers } = outlineJson(text);
  if (depth > maxDepth) return undefined;
  const value = parse(text);
  if (!isJsonObject(value)) return undefined;
  const whole = countMembers(value) === members;
  if (!longNumbers) return { object: value, whole };
  const exact = parseExactly(text);
  return isJsonObject(exact) ? { object: exact, whole } : undefined;
};
