import { childOf, type ConfigNode, type KeyPath, type ScalarNode } from './config-node.ts';
import { suggestName } from './describe-issue.ts';
import type { Complaint } from './finding.ts';

const itemsOf = (node: ConfigNode | undefined): readonly ConfigNode[] => (node?.kind === 'list' ? node.items : []);

const referencesIn = (
  section: ConfigNode | undefined,
  name: string,
): readonly (readonly [path: KeyPath, node: ScalarNode])[] =>
  itemsOf(section).flatMap((item, index) =>
    itemsOf(childOf(item, 'to')).flatMap((node, position) =>
      node.kind === 'scalar' && node.interpolation?.problem === undefined
        ? [[[name, index, 'to', position], node] as const]
        : [],
    ),
  );

/** Complains about every `to` of rules and routes that names a destination that is not configured. */
export const checkReferences = (root: ConfigNode, names: readonly string[]): readonly Complaint[] =>
  ['rules', 'routes']
    .flatMap((section) => referencesIn(childOf(root, section), section))
    .filter(([, node]) => !names.includes(node.text))
    .map(([path, { place, text }]) => ({
      kind: 'schema',
      place,
      path,
      message: `no destination is called "${text}"`,
      suggestion: suggestName(text, names),
    }));
