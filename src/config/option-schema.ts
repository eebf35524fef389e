import { z } from 'zod';

/** JSON Schema of what a person may write, with the metas of our own options (`secret`, `template`). */
export type OptionSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schema of a zod schema's input. */
export const optionSchemaOf = (schema: z.ZodType): OptionSchema => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
};

/** True for a schema that is not merely `true` or `false`. */
export const isSchema = (value: unknown): value is OptionSchema => typeof value === 'object' && value !== null;

/** A schema itself, or the members of its union. */
export const alternativesOf = (schema: OptionSchema): readonly OptionSchema[] =>
  (schema.anyOf ?? schema.oneOf)?.filter(isSchema).flatMap(alternativesOf) ?? [schema];

/** The options that a map of this schema has by name. */
export const propertiesOf = (schema: OptionSchema): ReadonlyMap<string, OptionSchema> =>
  new Map(
    alternativesOf(schema).flatMap(({ properties = {} }) =>
      Object.entries(properties).flatMap(([name, child]) => (isSchema(child) ? [[name, child] as const] : [])),
    ),
  );

/** The schema of what is under one key of a map, or at one index of a list. */
export const childSchema = (schema: OptionSchema | undefined, key: PropertyKey): OptionSchema | undefined => {
  if (schema === undefined) return undefined;
  const own = propertiesOf(schema).get(String(key));
  if (own !== undefined) return own;
  const others = alternativesOf(schema).flatMap(({ additionalProperties, items }) => [additionalProperties, items]);
  return others.find(isSchema);
};

/** The schema of the option at a path; undefined when there is none. */
export const schemaAt = (schema: OptionSchema, path: readonly PropertyKey[]): OptionSchema | undefined =>
  path.reduce<OptionSchema | undefined>(childSchema, schema);

/** True when an option is a {@link secret}. */
export const isSecretSchema = (schema: OptionSchema | undefined): boolean => schema?.['secret'] === true;
