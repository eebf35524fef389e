import { isJsonObject, type JsonObject, type JsonValue } from '../event/json.ts';
import { parseExactly } from './exact-number.ts';
import { type JsonOutline, outlineJson } from './json-outline.ts';

/** A line that is a JSON object. */
export interface JsonLine {
  readonly object: JsonObject;
  /** False where `object` lacks something of the line: of members with one name, only the last. */
  readonly whole: boolean;
  /** Memory of `object`, in bytes, as estimated, beyond what the objects of any event take. */
  readonly parsedBytes: number;
}

/** Nobody logs deeper on purpose, and `JSON.stringify` recurses: the encoder must never run out of stack. */
const maxDepth = 100;

/** Of a member (its key, when no other line has it), or an object or array, measured on Node 26. */
const memberBytes = 64;
/** Of one more value, a short text at the most. */
const valueBytes = 32;
/** The same, where numbers are kept as written: each may be an object. */
const exactValueBytes = 96;
/** A line of a dozen members is within what any event is counted with. */
const freeBytes = 1024;

const parsedMemory = (text: string, { members, containers, commas, longNumbers }: JsonOutline): number => {
  const values = commas * (longNumbers ? exactValueBytes : valueBytes);
  return Math.max(0, text.length + memberBytes * (members + containers) + values - freeBytes);
};

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
  const outline = outlineJson(text);
  const { members, depth, longNumbers } = outline;
  if (depth > maxDepth) return undefined;
  const value = parse(text);
  if (!isJsonObject(value)) return undefined;
  const whole = countMembers(value) === members;
  const parsedBytes = parsedMemory(text, outline);
  if (!longNumbers) return { object: value, whole, parsedBytes };
  const exact = parseExactly(text);
  return isJsonObject(exact) ? { object: exact, whole, parsedBytes } : undefined;
};
