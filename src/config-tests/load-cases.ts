import { check } from '../config/check.ts';
import { nodeAt } from '../config/config-node.ts';
import { readSource } from '../config/files.ts';
import { findingOf, type Complaint, type Finding } from '../config/finding.ts';
import { maskUrlCredentials } from '../config/mask.ts';
import { parseYaml } from '../config/parse-yaml.ts';
import type { SourceFile } from '../config/place.ts';
import { checkNames, type Nameable } from './check-names.ts';
import { testFileSchema, type TestCase } from './test-case.ts';

const shape = 'a file of tests is a map with the list "cases:"';

/** The cases of files, or what is wrong with them. */
export interface LoadedCases {
  readonly cases: readonly TestCase[];
  /** In the order of the files; where there are any, no case should run. */
  readonly findings: readonly Finding[];
}

interface ReadCases {
  readonly cases: readonly TestCase[];
  readonly complaints: readonly Complaint[];
}

const readCases = (file: SourceFile): ReadCases => {
  const { root, complaints } = parseYaml(file, shape);
  if (root === undefined || complaints.length > 0) return { cases: [], complaints };
  const checked = check(testFileSchema, root, [], { nullCounts: true });
  const cases = (checked.value?.cases ?? []).map(
    ({ name, entry, entries = [], after, ...expected }, index): TestCase => {
      const path = ['cases', index];
      const node = nodeAt(root, path) ?? root;
      return { name, path, node, entries: entry === undefined ? entries : [entry], after, expected };
    },
  );
  return { cases, complaints: checked.complaints };
};

const loadFile = async (path: string, config: Nameable): Promise<LoadedCases> => {
  const file = await readSource(path);
  if ('kind' in file) return { cases: [], findings: [{ ...file, suggestion: undefined }] };
  const { cases, complaints } = readCases(file);
  const all = [...complaints, ...cases.flatMap((testCase) => checkNames(testCase, config))];
  const inOrder = all.toSorted((one, other) => one.place.start - other.place.start);
  const text = maskUrlCredentials(file.text);
  return { cases, findings: inOrder.map((complaint) => findingOf(complaint, text)) };
};

/**
 * Reads files of test cases and checks that they name only what the configuration has.
 *
 * Never throws for what files hold: whatever is wrong is a finding.
 */
export const loadCases = async (files: readonly string[], config: Nameable): Promise<LoadedCases> => {
  const loaded = await Promise.all(files.map((file) => loadFile(file, config)));
  return { cases: loaded.flatMap(({ cases }) => cases), findings: loaded.flatMap(({ findings }) => findings) };
};
