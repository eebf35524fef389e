import type { z } from 'zod';
import { nearestName } from '../platform/nearest-name.ts';
import { nodeAt, type ConfigNode, type KeyPath } from './config-node.ts';
import { expectationOf } from './expectation.ts';
import { nameInQuotes, type Complaint } from './finding.ts';
import { propertiesOf, schemaAt, type OptionSchema } from './option-schema.ts';
import type { Place } from './place.ts';

type Issue = z.core.$ZodIssue;

/** What an issue's path is relative to. */
export interface IssueContext {
  readonly node: ConfigNode;
  /** Of `node`, from the root of the configuration. */
  readonly path: KeyPath;
  readonly schema: OptionSchema;
  /** Every name that a person may have meant where `node` has an unknown one; default: those of the schema. */
  readonly knownNames?: readonly string[];
  /** Where the key of `node` is written, for what is missing in it. */
  readonly keyPlace?: Place;
}

const keyPathOf = (path: readonly PropertyKey[]): KeyPath =>
  path.map((key) => (typeof key === 'number' ? key : String(key)));

const keyPlaceOf = (root: ConfigNode, path: readonly PropertyKey[]): Place | undefined => {
  const parent = nodeAt(root, path.slice(0, -1));
  return parent?.kind === 'map' ? parent.entries.get(String(path.at(-1)))?.keyPlace : undefined;
};

const isNothing = (node: ConfigNode | undefined): boolean =>
  node === undefined || (node.kind === 'scalar' && node.value === null);

/** Zod's own sentences; a schema's author may have given a better one. */
const isStock = (message: string): boolean => /^(?:Invalid|Too (?:small|big))/.test(message);

/** "did you mean ...?", or all there is where that is little. */
export const suggestName = (name: string, known: readonly string[]): string | undefined => {
  const nearest = nearestName(name, known);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  return known.length === 0 || known.length > 12 ? undefined : `known: ${known.join(', ')}`;
};

const describeUnknownKeys = (
  keys: readonly string[],
  at: readonly PropertyKey[],
  context: IssueContext,
): Complaint[] => {
  const schema = schemaAt(context.schema, at);
  const own = schema === undefined ? [] : [...propertiesOf(schema).keys()];
  const known = at.length === 0 ? (context.knownNames ?? own) : own;
  return keys.map((key) => ({
    kind: 'schema',
    place: keyPlaceOf(context.node, [...at, key]) ?? context.node.place,
    path: [...context.path, ...keyPathOf(at), key],
    message: `unknown option ${nameInQuotes(key)}`,
    suggestion: suggestName(key, known),
  }));
};

const describeMissing = (at: readonly PropertyKey[], context: IssueContext): Complaint => {
  const { node, path, keyPlace } = context;
  const within = at.slice(0, -1);
  const item = within.length > 0 ? nodeAt(node, within)?.place : undefined;
  const place = keyPlaceOf(node, at) ?? keyPlaceOf(node, within) ?? item ?? keyPlace ?? node.place;
  return {
    kind: 'schema',
    place,
    path: [...path, ...keyPathOf(at)],
    message: `"${String(at.at(-1))}" is required`,
    suggestion: undefined,
  };
};

const describeValue = (issue: Issue, at: readonly PropertyKey[], context: IssueContext): Complaint => {
  const node = nodeAt(context.node, at);
  if (at.length > 0 && isNothing(node) && isStock(issue.message)) return describeMissing(at, context);
  const schema = schemaAt(context.schema, at);
  const expected = `expected ${schema === undefined ? 'something else' : expectationOf(schema)}`;
  const written = node?.kind === 'scalar' && node.interpolation === undefined ? node.text : undefined;
  const nearest = written === undefined ? undefined : nearestName(written, schema?.enum?.map(String) ?? []);
  return {
    kind: 'schema',
    place: node?.place ?? keyPlaceOf(context.node, at) ?? context.node.place,
    path: [...context.path, ...keyPathOf(at)],
    message: isStock(issue.message) ? expected : issue.message,
    suggestion: nearest === undefined ? undefined : `did you mean "${nearest}"?`,
  };
};

const isUnknownKeys = (issue: Issue): issue is z.core.$ZodIssueUnrecognizedKeys => issue.code === 'unrecognized_keys';

/** A branch of a union counts when the value has its shape: its own words are then the better ones. */
const describeUnion = (
  issue: z.core.$ZodIssueInvalidUnion,
  at: readonly PropertyKey[],
  context: IssueContext,
): readonly Complaint[] => {
  const fitting = issue.errors.filter((errors) =>
    errors.every((error) => error.path.length > 0 || error.code === 'custom' || isUnknownKeys(error)),
  );
  const [branch] = fitting.toSorted((one, other) => one.length - other.length);
  if (branch === undefined) return [describeValue(issue, at, context)];
  const unknown = branch.filter(isUnknownKeys);
  const written = branch.filter((error) => !isNothing(nodeAt(context.node, [...at, ...error.path])));
  const relevant = unknown.length > 0 ? unknown : written;
  if (relevant.length === 0) return [describeValue(issue, at, context)];
  return relevant.flatMap((inner) => describeIssue({ ...inner, path: [...at, ...inner.path] }, context));
};

/** Zod's issue as complaints: in plain words, at the place where it is written. */
export const describeIssue = (issue: Issue, context: IssueContext): readonly Complaint[] => {
  const at = issue.path;
  if (issue.code === 'unrecognized_keys') return describeUnknownKeys(issue.keys, at, context);
  if (issue.code === 'invalid_key') return describeUnknownKeys([String(at.at(-1))], at.slice(0, -1), context);
  if (issue.code === 'invalid_union' && isStock(issue.message)) return describeUnion(issue, at, context);
  return [describeValue(issue, at, context)];
};
