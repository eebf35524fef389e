import { isJsonObject, type JsonValue } from '../../src/event/json.ts';

const textAt = (value: unknown, key: string): JsonValue | undefined =>
  isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** The id that an event carries, whichever of our encodings it was written in; '' when it carries none. */
export const eventIdOf = (content: unknown): string => {
  const id = textAt(textAt(content, 'info'), 'id') ?? textAt(textAt(content, '_sluice'), 'id');
  return typeof id === 'string' ? id : '';
};

/** JSON as parsed; undefined when it is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
