import type { z } from 'zod';
import type { AdapterManifest } from '#sdk';
import { scalarsOf, type ConfigNode, type KeyPath } from './config-node.ts';
import { isSecretName } from './mask.ts';
import { isSecretSchema, optionSchemaOf, schemaAt } from './option-schema.ts';
import { textAt, type Place } from './place.ts';
import { sourcesSchema } from './schema.ts';

/** Tells whether the value at a path is a secret. */
export type SecretTest = (path: KeyPath) => boolean;

/**
 * Asks the schemas, whichever adapter the destination may turn out to have; where none knows the option, its name and
 * what it is part of decide.
 */
export const createSecretTest = (adapters: readonly AdapterManifest[], sources: z.ZodRawShape): SecretTest => {
  const ofAdapters = adapters.map((adapter) => optionSchemaOf(adapter.options));
  const ofSources = optionSchemaOf(sourcesSchema(sources));
  const schemasAt = (path: KeyPath) => {
    if (path[0] === 'destinations') return ofAdapters.map((schema) => schemaAt(schema, path.slice(2)));
    return path[0] === 'sources' ? [schemaAt(ofSources, path.slice(1))] : [];
  };
  const isSecret: SecretTest = (path) => {
    const known = schemasAt(path).filter((schema) => schema !== undefined);
    if (known.length > 0) return known.some(isSecretSchema);
    return path.length > 0 && (isSecretName(String(path.at(-1))) || isSecret(path.slice(0, -1)));
  };
  return isSecret;
};

/** A mere `${NAME}` tells nothing. */
const isReference = (place: Place): boolean => /^["']?\$\{\w+\}["']?$/.test(textAt(place));

/** Where a file has secrets written into it. */
export const secretPlaces = (root: ConfigNode, isSecret: SecretTest): readonly Place[] =>
  [...scalarsOf(root)]
    .filter(([path, { place, value }]) => value !== null && isSecret(path) && !isReference(place))
    .map(([, { place }]) => place);
