import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defaultConfigFile } from '../config/files.ts';
import { fileFinding, type Finding } from '../config/finding.ts';
import { codeOf, messageOf } from '../platform/error.ts';

const suffix = '.test.yaml';

/** Files of test cases, and where they were looked for. */
export interface FoundTestFiles {
  /** In the order of the places, by name within a folder. */
  readonly files: readonly string[];
  readonly places: readonly string[];
  /** Of places that can't be looked at. */
  readonly findings: readonly Finding[];
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path)).isDirectory();

const filesIn = async (folder: string): Promise<readonly string[]> => {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(suffix))
    .toSorted()
    .map((name) => join(folder, name));
};

/** `tests/` beside the first configuration file, or in the folder that was named instead. */
const defaultFolder = async ([first = defaultConfigFile]: readonly string[]): Promise<string> => {
  const folder = await isFolder(first).catch(() => false);
  return join(folder ? first : dirname(first), 'tests');
};

const filesAt = async (place: string): Promise<readonly string[] | Finding> => {
  try {
    return (await isFolder(place)) ? await filesIn(place) : [place];
  } catch (error) {
    const code = codeOf(error);
    const reason =
      code === 'ENOENT' ? 'there is no such file or folder' : `it can't be read: ${code ?? messageOf(error)}`;
    return fileFinding(place, reason);
  }
};

/**
 * Finds the files of test cases: each file that is named, and every `*.test.yaml` at or below each folder. Where none is
 * named, the folder `tests` beside the configuration, which may be absent.
 *
 * @param configFiles as given on the command line; none: the default place.
 */
export const findTestFiles = async (
  named: readonly string[],
  configFiles: readonly string[],
): Promise<FoundTestFiles> => {
  const folder = await defaultFolder(configFiles);
  const isAbsent = named.length === 0 && !(await isFolder(folder).catch((error) => codeOf(error) !== 'ENOENT'));
  const places = named.length === 0 ? [folder] : named;
  const found = isAbsent ? [] : await Promise.all(places.map(filesAt));
  return {
    files: [...new Set(found.flatMap((result) => ('kind' in result ? [] : result)))],
    places,
    findings: found.filter((result): result is Finding => 'kind' in result),
  };
};
