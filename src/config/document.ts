import type { ConfigNode, MapNode } from './config-node.ts';
import type { Complaint } from './finding.ts';
import { interpolate } from './interpolate.ts';
import { merge } from './merge.ts';
import { parseYaml, type ParsedFile } from './parse-yaml.ts';
import type { SourceFile } from './place.ts';

export interface ConfigDocument {
  /** Each file alone, in the order of merging. */
  readonly parts: readonly ParsedFile[];
  /** All files merged and interpolated; undefined when one of them can't be read, for then the rest may mislead. */
  readonly root: MapNode | undefined;
  readonly complaints: readonly Complaint[];
}

const isMap = (node: ConfigNode | undefined): node is MapNode => node?.kind === 'map';

/** Parses, merges, and interpolates after that, so that a variable's value is never read as YAML. */
export const buildDocument = (
  files: readonly SourceFile[],
  environment: Readonly<Record<string, string | undefined>>,
): ConfigDocument => {
  const parts = files.map((file) => parseYaml(file));
  const complaints = parts.flatMap((part) => part.complaints);
  const complain = (complaint: Complaint): void => void complaints.push(complaint);
  const [firstFile] = files;
  if (firstFile === undefined || parts.some((part) => part.unreadable)) return { parts, root: undefined, complaints };
  const empty: MapNode = { kind: 'map', place: { file: firstFile, start: 0, end: 1 }, entries: new Map() };
  const merged = parts.reduce((whole, { root }) => (root === undefined ? whole : merge(whole, root, complain)), empty);
  const root = interpolate(merged, environment, complain);
  return { parts, root: isMap(root) ? root : undefined, complaints };
};
