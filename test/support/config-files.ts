import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Files in a folder of their own, removed when disposed of. */
export interface ConfigFolder extends AsyncDisposable {
  readonly path: string;
}

/** Writes configuration files by their names: `{ 'sluice.yaml': '...', 'conf.d/a.yaml': '...' }`. */
export const writeConfigFiles = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<ConfigFolder> => {
  const path = await mkdtemp(join(tmpdir(), 'sluice-config-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
};
