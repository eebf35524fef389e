import { alternativesOf, type OptionSchema } from './option-schema.ts';

const rangeOf = ({ minimum, maximum }: OptionSchema): string => {
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined) return ` from ${String(low)} to ${String(high)}`;
  if (low !== undefined) return ` of at least ${String(low)}`;
  return high === undefined ? '' : ` of at most ${String(high)}`;
};

const lengthOf = ({ minLength, maxLength }: OptionSchema): string => {
  if (maxLength !== undefined) return ` of ${String(minLength ?? 0)} to ${String(maxLength)} characters`;
  return minLength === undefined ? '' : ' that is not empty';
};

const mapOf = ({ required = [] }: OptionSchema): string =>
  required.length === 0 ? 'a map' : `{ ${required.map((name) => `${name}: ...`).join(', ')} }`;

const ofType = (type: string, schema: OptionSchema): string => {
  switch (type) {
    case 'string':
      return schema.format === 'uri' ? 'a URL, as https://example.com' : `text${lengthOf(schema)}`;
    case 'integer':
      return `a whole number${rangeOf(schema)}`;
    case 'number':
      return `a number${rangeOf(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return mapOf(schema);
    default:
      return type;
  }
};

const ofOne = (schema: OptionSchema): readonly string[] => {
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum !== undefined) return schema.enum.map(String);
  return [schema.type ?? 'anything'].flat().map((type) => ofType(type, schema));
};

/** What an option takes, for people: `debug, info, warn or error`; `text or { file: ... }`. */
export const expectationOf = (schema: OptionSchema): string => {
  const parts = [...new Set(alternativesOf(schema).flatMap(ofOne))];
  const last = parts.pop() ?? 'anything';
  return parts.length === 0 ? last : `${parts.join(', ')} or ${last}`;
};
