import type { z } from 'zod';
import type { AdapterManifest } from '#sdk';
import { describeConfig } from './config-schema.ts';
import { alternativesOf, isSchema, optionSchemaOf, propertiesOf, type OptionSchema } from './option-schema.ts';
import { laneSchema } from './schema.ts';

const ofType: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
  null: '`null`',
};

const isSimple = (schema: OptionSchema | boolean | undefined): schema is OptionSchema =>
  isSchema(schema) && alternativesOf(schema).length === 1;

const typeOf = (schema: OptionSchema): string => {
  const { type, enum: values, const: value, items, additionalProperties } = schema;
  if (schema['secret'] === true) return 'secret';
  if (schema['template'] === true) return 'template';
  if (typeof schema['kind'] === 'string') return schema['kind'];
  if (values !== undefined) return values.map((one) => `\`${String(one)}\``).join(', ');
  if (value !== undefined) return `\`${String(value)}\``;
  if (type === 'array') return `list of ${isSchema(items) ? typesOf(items) : 'anything'}`;
  if (type === 'object') return isSimple(additionalProperties) ? `map of ${typesOf(additionalProperties)}` : 'map';
  if (schema.format === 'uri') return 'URL';
  return [type ?? 'string']
    .flat()
    .map((name) => ofType[name] ?? name)
    .join(' or ');
};

const typesOf = (schema: OptionSchema): string =>
  schema['secret'] === true ? typeOf(schema) : [...new Set(alternativesOf(schema).map(typeOf))].join(' or ');

const defaultOf = ({ default: value }: OptionSchema, isRequired: boolean): string => {
  if (isRequired) return 'required';
  return value === undefined ? '' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A map whose keys are all known is told key by key. */
const isSection = (schema: OptionSchema): boolean =>
  schema.type === 'object' && schema.properties !== undefined && schema.additionalProperties === false;

const rowsOf = (schema: OptionSchema, prefix = ''): readonly string[] =>
  [...propertiesOf(schema)].flatMap(([name, option]) => {
    if (isSection(option)) return rowsOf(option, `${prefix}${name}.`);
    const isRequired = prefix === '' && schema.required?.includes(name) === true;
    const cells = [typesOf(option), defaultOf(option, isRequired), option.description ?? ''].map(cell);
    return [`| \`${prefix}${name}\` | ${cells.join(' | ')} |`];
  });

const section = (title: string, text: string, schema: OptionSchema): string => {
  const rows = rowsOf(schema);
  const table = ['| option | type | default | what it is |', '|---|---|---|---|', ...rows].join('\n');
  return [`### ${title}`, text, rows.length === 0 ? 'No options of its own.' : table].filter(Boolean).join('\n\n');
};

const kinds = [
  'A duration has a unit: `250ms`, `5s`, `1h30m`, `30d`. So has a size: `512KiB`, `64MiB`, `1GB`.',
  'A start is `now`, `beginning`, a duration ago, `20 lines`, or a time: `2026-11-22T05:40:00Z`.',
  'A template is text with `{{fields}}` of the event.',
  'A secret is text, usually `"${NAME}"`, or `{ file: PATH }`, or `{ command: [PROGRAM, ...] }`.',
  'Every value may be `"${NAME}"` or `"${NAME:-default}"`, of the environment.',
].join(' ');

const sentence = (text = ''): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const itemOf = ({ items }: OptionSchema): OptionSchema => (isSchema(items) ? items : {});

/** The reference of all options in Markdown, from the schemas that check them: headings of level 3 with tables. */
export const renderReference = (adapters: readonly AdapterManifest[], sources: z.ZodRawShape): string => {
  const { general, sources: ofSources, rules, routes } = describeConfig(adapters, sources);
  return [
    section('Top level', kinds, general),
    ...[...propertiesOf(ofSources)].map(([name, schema]) => section(`\`sources.${name}\``, '', schema)),
    section('Every destination', 'Under `destinations`, by a name of your own.', optionSchemaOf(laneSchema)),
    ...adapters.map(({ name, summary, options }) =>
      section(`Destinations of type \`${name}\``, sentence(summary), optionSchemaOf(options)),
    ),
    section('Items of `rules`', sentence(itemOf(rules).description), itemOf(rules)),
    section('Items of `routes`', sentence(itemOf(routes).description), itemOf(routes)),
  ].join('\n\n');
};
