import type { z } from 'zod';
import type { AdapterManifest } from '#sdk';
import { describeConfig } from './config-schema.ts';
import { isSchema, type OptionSchema } from './option-schema.ts';
import { destinationNamePattern } from './schema.ts';

/** What stands for a value of any type: it is filled in after parsing. */
const interpolation: OptionSchema = {
  type: 'string',
  pattern: '\\$\\{',
  description: '${NAME} or ${NAME:-default} of the environment',
};

/** True where a schema refuses some texts, so that `${NAME}` needs a place of its own. */
const refusesText = ({ type, enum: values, const: value, format, pattern }: OptionSchema): boolean => {
  const isScalar = typeof type === 'string' && ['boolean', 'integer', 'number'].includes(type);
  return isScalar || [values, value, format, pattern].some((restriction) => restriction !== undefined);
};

/** Where any text will do, a number is taken as it is written. */
const isFreeText = (schema: OptionSchema): boolean =>
  schema.type === 'string' && !refusesText(schema) && schema['kind'] === undefined && schema['template'] === undefined;

const allowInterpolation = (schema: OptionSchema): OptionSchema => {
  const inner = allowInterpolationWithin(schema);
  if (isFreeText(inner)) return { ...inner, type: ['string', 'number', 'boolean'] };
  if (!refusesText(inner)) return inner;
  const { description = '', default: fallback, ...rest } = inner;
  const either: OptionSchema = { description, anyOf: [rest, { $ref: '#/$defs/interpolation' }] };
  return fallback === undefined ? either : { ...either, default: fallback };
};

const allowWhereSchema = (value: OptionSchema | boolean): OptionSchema | boolean =>
  isSchema(value) ? allowInterpolation(value) : value;

const allowInterpolationWithin = (schema: OptionSchema): OptionSchema => {
  const { properties, additionalProperties, items, anyOf } = schema;
  const result: OptionSchema = { ...schema };
  if (properties !== undefined) {
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([name, child]) => [name, allowWhereSchema(child)]),
    );
  }
  if (additionalProperties !== undefined) result.additionalProperties = allowWhereSchema(additionalProperties);
  if (isSchema(items)) result.items = allowInterpolation(items);
  if (anyOf !== undefined) result.anyOf = anyOf.filter(isSchema).map(allowInterpolation);
  return result;
};

/** Nothing behind the colon: all defaults. */
const orNothing = (schema: OptionSchema): OptionSchema => ({ anyOf: [schema, { type: 'null' }] });

const sourcesWith = (sources: OptionSchema): OptionSchema =>
  orNothing({
    ...sources,
    description: 'where records come from; default: the journal',
    properties: Object.fromEntries(
      Object.entries(sources.properties ?? {}).map(([name, source]) => [
        name,
        isSchema(source) ? orNothing(source) : source,
      ]),
    ),
  });

const referTo = (definition: string): OptionSchema => ({ $ref: `#/$defs/${definition}` });

/** A destination is of the type that it names, or else of the type that it is named as. */
const destinationsWith = (adapters: readonly string[]): OptionSchema => {
  const typed = adapters.map((name) => referTo(`typed-${name}`));
  const properties = adapters.map((name): [string, OptionSchema] => {
    const others = typed.filter((_, index) => adapters[index] !== name);
    return [name, { anyOf: [referTo(name), { type: 'null' }, ...others] }];
  });
  return orNothing({
    type: 'object',
    description: 'where events are sent, by a name of your own',
    propertyNames: { pattern: destinationNamePattern.source },
    properties: Object.fromEntries(properties),
    additionalProperties: { anyOf: typed },
  });
};

/** Each type twice: for a destination that is named as its type, and for one that must say it. */
const definitionsOf = (destinations: ReadonlyMap<string, OptionSchema>): Record<string, OptionSchema> =>
  Object.fromEntries(
    [...destinations].flatMap(([name, schema]) => {
      const named = allowInterpolation(schema);
      const typed: OptionSchema = {
        ...named,
        properties: { ...named.properties, type: { const: name } },
        required: [...(named.required ?? []), 'type'],
      };
      return [
        [name, named],
        [`typed-${name}`, typed],
      ];
    }),
  );

/** One JSON Schema (draft 2020-12) of a configuration file, for editors. */
export const configJsonSchema = (adapters: readonly AdapterManifest[], sources: z.ZodRawShape): OptionSchema => {
  const parts = describeConfig(adapters, sources);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of sluice',
    type: 'object',
    additionalProperties: false,
    properties: {
      sources: sourcesWith(allowInterpolation(parts.sources)),
      ...allowInterpolation(parts.general).properties,
      destinations: destinationsWith(adapters.map(({ name }) => name)),
      rules: orNothing(allowInterpolation(parts.rules)),
      routes: orNothing(allowInterpolation(parts.routes)),
    },
    $defs: { interpolation, ...definitionsOf(parts.destinations) },
  };
};
