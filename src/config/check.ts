import type { z } from 'zod';
import { formatPath, nodeAt, scalarsOf, type ConfigNode, type KeyPath, type ScalarNode } from './config-node.ts';
import { describeIssue } from './describe-issue.ts';
import type { Complaint } from './finding.ts';
import { optionSchemaOf } from './option-schema.ts';
import type { Place } from './place.ts';

export interface Checked<Value> {
  /** Undefined when there are complaints, or a variable that the value needs is missing. */
  readonly value: Value | undefined;
  readonly complaints: readonly Complaint[];
}

export interface CheckOptions {
  /** Names besides the schema's own that may have been meant by an unknown one. */
  readonly knownNames?: readonly string[];
  /** Whether null means something; where not, an option that is null is not given. */
  readonly nullCounts?: boolean;
  /** Where the key of the checked part is written. */
  readonly keyPlace?: Place;
}

const plainScalar = (node: ScalarNode, asText: ReadonlySet<ConfigNode>): unknown => {
  if (node.interpolation?.problem !== undefined) return undefined;
  return asText.has(node) ? node.text : node.value;
};

const plainValue = (node: ConfigNode, asText: ReadonlySet<ConfigNode>, nullCounts: boolean): unknown => {
  if (node.kind === 'scalar') return plainScalar(node, asText);
  if (node.kind === 'list') return node.items.map((item) => plainValue(item, asText, nullCounts));
  const entries = [...node.entries].map(([key, { value }]) => [key, plainValue(value, asText, nullCounts)] as const);
  return Object.fromEntries(nullCounts ? entries : entries.filter(([, value]) => value !== null));
};

/** Scalars that were refused under the type that YAML gave them: a token of digits is still a token. */
const refusedScalars = (node: ConfigNode, issues: readonly z.core.$ZodIssue[]): ReadonlySet<ConfigNode> =>
  new Set(
    issues.flatMap(({ path }) => {
      const refused = nodeAt(node, path);
      return refused?.kind === 'scalar' && typeof refused.value !== 'string' && refused.value !== null ? [refused] : [];
    }),
  );

const isAtOrBelow = (path: readonly PropertyKey[], ancestor: readonly PropertyKey[]): boolean =>
  ancestor.every((key, index) => String(key) === String(path[index]));

/** A union is refused as a whole for what is missing deep in it. */
const isForWantOf = (missing: KeyPath, { code, path }: z.core.$ZodIssue): boolean =>
  isAtOrBelow(path, missing) || (code === 'invalid_union' && isAtOrBelow(missing, path));

/** A required option that is misspelled is one mistake, not two. */
const withoutExplained = (complaints: readonly Complaint[]): readonly Complaint[] =>
  complaints.filter((missing) => {
    const name = missing.path.at(-1);
    if (missing.message !== `"${String(name)}" is required`) return true;
    return !complaints.some(
      ({ path, suggestion }) =>
        suggestion === `did you mean "${String(name)}"?` &&
        formatPath(path.slice(0, -1)) === formatPath(missing.path.slice(0, -1)),
    );
  });

/** Checks one part of the configuration by its schema. Says nothing of values whose variable is missing. */
export const check = <Schema extends z.ZodType>(
  schema: Schema,
  node: ConfigNode,
  path: KeyPath,
  { nullCounts = false, ...naming }: CheckOptions = {},
): Checked<z.output<Schema>> => {
  const first = schema.safeParse(plainValue(node, new Set(), nullCounts));
  const refused = refusedScalars(node, first.error?.issues ?? []);
  const result = refused.size === 0 ? first : schema.safeParse(plainValue(node, refused, nullCounts));
  if (result.success) return { value: result.data, complaints: [] };
  const missing = [...scalarsOf(node)].filter(([, scalar]) => scalar.interpolation?.problem !== undefined);
  const issues = result.error.issues.filter((issue) => !missing.some(([at]) => isForWantOf(at, issue)));
  const context = { node, path, schema: optionSchemaOf(schema), ...naming };
  return { value: undefined, complaints: withoutExplained(issues.flatMap((issue) => describeIssue(issue, context))) };
};
