import { open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, messageOf } from '../platform/error.ts';
import { fileFinding, type Finding } from './finding.ts';
import type { SourceFile } from './place.ts';

/** Where the configuration is when nobody says. */
export const defaultConfigFile = '/etc/sluice/sluice.yaml';

const maxFileBytes = 1024 * 1024;

const remedies: Readonly<Record<string, string>> = {
  ENOENT: 'name the file with -c FILE',
  EACCES: 'give its reader the right to read it, or name another with -c FILE',
};

const unreadable = (path: string, error: unknown): Finding => {
  const code = codeOf(error);
  const reason = code === 'ENOENT' ? 'there is no such file' : `it can't be read: ${code ?? messageOf(error)}`;
  return fileFinding(path, reason, remedies[code ?? '']);
};

const fragmentsBeside = async (mainFile: string): Promise<readonly string[]> => {
  const folder = join(dirname(mainFile), 'conf.d');
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.yaml') && !name.startsWith('.'))
    .toSorted()
    .map((name) => join(folder, name));
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  );

/** The fragments in name order, then the main file, which may be absent where there are fragments. */
const filesOfFolder = async (mainFile: string): Promise<readonly string[]> => {
  const fragments = await fragmentsBeside(mainFile);
  return fragments.length > 0 && !(await exists(mainFile)) ? fragments : [...fragments, mainFile];
};

/**
 * The files that the given paths stand for, in the order of merging: a file is itself, a folder its `conf.d/*.yaml` and
 * `sluice.yaml`; no path: the default place, likewise.
 *
 * @throws {Error} when a `conf.d` can't be listed.
 */
const findFiles = async (paths: readonly string[]): Promise<readonly string[]> => {
  if (paths.length === 0) return filesOfFolder(defaultConfigFile);
  const found = await Promise.all(
    paths.map(async (path) => {
      const isFolder = await stat(path).then(
        (status) => status.isDirectory(),
        () => false,
      );
      return isFolder ? filesOfFolder(join(path, 'sluice.yaml')) : [path];
    }),
  );
  return found.flat();
};

/** Reads at most one byte more than is allowed, whatever the file is. */
const readBounded = async (path: string): Promise<Uint8Array> => {
  await using file = await open(path);
  const buffer = new Uint8Array(maxFileBytes + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
};

/** Reads one file; what keeps it from being read is a finding. */
export const readSource = async (path: string): Promise<SourceFile | Finding> => {
  try {
    const bytes = await readBounded(path);
    if (bytes.length > maxFileBytes) return fileFinding(path, 'it is larger than 1 MiB; is it a configuration?');
    return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA') return fileFinding(path, 'it is not valid UTF-8');
    return unreadable(path, error);
  }
};

export interface ReadFiles {
  readonly files: readonly SourceFile[];
  readonly findings: readonly Finding[];
}

/** Finds and reads the files of a configuration. What can't be read is a finding. */
export const readConfigFiles = async (paths: readonly string[]): Promise<ReadFiles> => {
  try {
    const results = await Promise.all((await findFiles(paths)).map(readSource));
    return {
      files: results.filter((result) => 'text' in result),
      findings: results.filter((result): result is Finding => 'kind' in result),
    };
  } catch (error) {
    return { files: [], findings: [unreadable(join(dirname(defaultConfigFile), 'conf.d'), error)] };
  }
};
