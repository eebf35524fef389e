import { nodeAt, scalarsOf, type ConfigNode } from './config-node.ts';
import type { Complaint } from './finding.ts';
import type { SecretTest } from './secret-paths.ts';

/** Shorter values hide nothing, and hiding them would garble the sentence. */
const shortestHidden = 3;

type Replacement = readonly [value: string, shown: string];

type Environment = Readonly<Record<string, string | undefined>>;

const replacementsFor = (
  { path }: Complaint,
  root: ConfigNode,
  environment: Environment,
  isSecret: SecretTest,
): readonly Replacement[] => {
  const node = nodeAt(root, path);
  const replacements: Replacement[] = [];
  if (node === undefined) return replacements;
  for (const [at, { text, interpolation }] of scalarsOf(node, path)) {
    for (const name of interpolation?.variables ?? []) replacements.push([environment[name] ?? '', `\${${name}}`]);
    if (isSecret(at)) replacements.push([text, '[secret]']);
  }
  return replacements;
};

const scrubText = (text: string, replacements: readonly Replacement[]): string => {
  let scrubbed = text;
  for (const [value, shown] of replacements) {
    if (value.length < shortestHidden) continue;
    const quoted = JSON.stringify(value).slice(1, -1);
    scrubbed = scrubbed.replaceAll(value, shown).replaceAll(quoted, shown);
  }
  return scrubbed;
};

/** Takes what came from the environment, and secrets, out of what is said about a value. */
export const scrub = (
  complaint: Complaint,
  root: ConfigNode,
  environment: Environment,
  isSecret: SecretTest,
): Complaint => {
  const replacements = replacementsFor(complaint, root, environment, isSecret);
  const { message, suggestion } = complaint;
  return {
    ...complaint,
    message: scrubText(message, replacements),
    suggestion: suggestion === undefined ? undefined : scrubText(suggestion, replacements),
  };
};
