import type { z } from 'zod';
import { checkConfig, type ConfigVocabulary } from './check-config.ts';
import type { Config } from './config.ts';
import type { MapNode } from './config-node.ts';
import { buildDocument, type ConfigDocument } from './document.ts';
import { readConfigFiles } from './files.ts';
import { fileFinding, findingOf, type Complaint, type Finding } from './finding.ts';
import { maskByNames, maskPlaces } from './mask.ts';
import { checkNamedFiles } from './named-files.ts';
import type { SourceFile } from './place.ts';
import { scrub } from './scrub.ts';
import { createSecretTest, secretPlaces, type SecretTest } from './secret-paths.ts';

/** What the configuration may name, and what it is filled with. */
export interface ConfigContext<Sources extends z.ZodRawShape> extends ConfigVocabulary<Sources> {
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface LoadedConfig<Sources extends z.ZodRawShape> {
  /** Undefined when it must not run: a finding is of another kind than a destination's `missing`. */
  readonly config: Config<Sources> | undefined;
  /** All that is wrong, in the order of the files. Any of them fails `validate`. */
  readonly findings: readonly Finding[];
  /** The files that were read, in the order of merging. */
  readonly files: readonly string[];
  /** Merged and interpolated, with places, for `config show`; undefined when a file could not be read. */
  readonly document: MapNode | undefined;
}

/** Whoever reads more than these has another file in hand than a configuration. */
const maxFindings = 200;

const maskedTexts = (
  files: readonly SourceFile[],
  { parts }: ConfigDocument,
  isSecret: SecretTest,
): ReadonlyMap<SourceFile, string> =>
  new Map(
    files.map((file, index) => {
      const root = parts[index]?.root;
      return [file, root === undefined ? maskByNames(file.text) : maskPlaces(file.text, secretPlaces(root, isSecret))];
    }),
  );

const inOrder = (complaints: readonly Complaint[], files: readonly SourceFile[]): readonly Complaint[] =>
  complaints.toSorted(
    (one, other) =>
      files.indexOf(one.place.file) - files.indexOf(other.place.file) || one.place.start - other.place.start,
  );

const beyondBound = (complaints: readonly Complaint[]): readonly Finding[] => {
  const [complaint] = complaints;
  if (complaint === undefined || complaints.length <= maxFindings) return [];
  const count = complaints.length - maxFindings;
  return [fileFinding(complaint.place.file.path, `${String(count)} more findings; these are the first`)];
};

/**
 * Reads the files, merges, interpolates and checks them. Without a path the default place is read.
 *
 * Never throws for what files hold: whatever is wrong is a finding.
 */
export const loadConfig = async <Sources extends z.ZodRawShape>(
  paths: readonly string[],
  context: ConfigContext<Sources>,
): Promise<LoadedConfig<Sources>> => {
  const read = await readConfigFiles(paths);
  const document = buildDocument(read.files, context.environment);
  const isSecret = createSecretTest(context.adapters, context.sources);
  const root = read.findings.length > 0 ? undefined : document.root;
  const checked = root === undefined ? undefined : checkConfig(root, context);
  const complaints = [...document.complaints, ...(checked?.complaints ?? [])];
  if (root !== undefined) complaints.push(...(await checkNamedFiles(root, isSecret)));
  const masked = maskedTexts(read.files, document, isSecret);
  const findings = inOrder(complaints, read.files)
    .slice(0, maxFindings)
    .map((complaint) =>
      findingOf(
        root === undefined || complaint.kind === 'missing'
          ? complaint
          : scrub(complaint, root, context.environment, isSecret),
        masked.get(complaint.place.file) ?? '',
      ),
    );
  return {
    config: document.complaints.length > 0 ? undefined : checked?.config,
    findings: [...read.findings, ...findings, ...beyondBound(complaints)],
    files: read.files.map(({ path }) => path),
    document: root,
  };
};
