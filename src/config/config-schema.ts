import { z } from 'zod';
import type { AdapterManifest } from '#sdk';
import { routeSchema } from '../policy/routes.ts';
import { ruleSchema } from '../policy/rules/rule.ts';
import { optionSchemaOf, propertiesOf, type OptionSchema } from './option-schema.ts';
import { generalSchema, laneSchema, sourcesSchema } from './schema.ts';

/** The schemas of all parts of a configuration, as a person may write them. */
export interface ConfigSchema {
  readonly general: OptionSchema;
  readonly sources: OptionSchema;
  /** Of a whole destination, lane and adapter, by the adapter's name. */
  readonly destinations: ReadonlyMap<string, OptionSchema>;
  readonly rules: OptionSchema;
  readonly routes: OptionSchema;
}

const formatDuration = (ms: number): string => (ms % 1000 === 0 ? `${String(ms / 1000)}s` : `${String(ms)}ms`);

const withDefault = (schema: OptionSchema | undefined, value: string): OptionSchema => ({ ...schema, default: value });

/** The lane's options with the defaults that this adapter sets. */
const laneSchemaFor = ({ name, defaultMaxAgeMs }: AdapterManifest): ReadonlyMap<string, OptionSchema> => {
  const lane = propertiesOf(optionSchemaOf(laneSchema));
  const batch = lane.get('batch');
  const inBatch = new Map(batch === undefined ? [] : propertiesOf(batch));
  inBatch.set('max_age', withDefault(inBatch.get('max_age'), formatDuration(defaultMaxAgeMs)));
  return new Map([
    ...lane,
    ['type', { ...lane.get('type'), const: name, default: name }],
    ['batch', { ...batch, properties: Object.fromEntries(inBatch) }],
  ]);
};

/** A destination's whole schema: what every lane takes, then the adapter's own. */
const destinationSchemaOf = (adapter: AdapterManifest): OptionSchema => {
  const own = optionSchemaOf(adapter.options);
  const properties = new Map([...laneSchemaFor(adapter), ...propertiesOf(own)]);
  return { ...own, description: adapter.summary, properties: Object.fromEntries(properties) };
};

/** Reads all there is to know about the configuration from the schemas that check it. */
export const describeConfig = (adapters: readonly AdapterManifest[], sources: z.ZodRawShape): ConfigSchema => ({
  general: optionSchemaOf(generalSchema),
  sources: optionSchemaOf(sourcesSchema(sources)),
  destinations: new Map(adapters.map((adapter) => [adapter.name, destinationSchemaOf(adapter)])),
  rules: optionSchemaOf(z.array(ruleSchema)),
  routes: optionSchemaOf(z.array(routeSchema)),
});
