import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ConfigFolder, writeConfigFiles } from '../../test/support/config-files.ts';
import { findTestFiles } from './test-files.ts';

let folder: ConfigFolder;
beforeEach(async () => {
  folder = await writeConfigFiles({
    'sluice.yaml': '',
    'tests/b.test.yaml': '',
    'tests/a/c.test.yaml': '',
    'tests/notes.yaml': '',
    'more/d.test.yaml': '',
    'alone/sluice.yaml': '',
  });
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

const inFolder = (path: string): string => `${folder.path}/${path}`;
const relative = (path: string): string => path.replace(`${folder.path}/`, '');

const find = async (named: readonly string[], configFiles: readonly string[]) => {
  const { files, places, findings } = await findTestFiles(named.map(inFolder), configFiles.map(inFolder));
  return { files: files.map(relative), places: places.map(relative), findings };
};

describe('files of test cases', () => {
  test.each([
    ['file', 'sluice.yaml'],
    ['folder', ''],
  ])('are found in the folder tests beside a configuration that is a %s', async (_, configFile) => {
    const { files } = await find([], [configFile, 'more']);
    expect(files).toEqual(['tests/a/c.test.yaml', 'tests/b.test.yaml']);
  });

  test('may be named, as folders too, and each counts once', async () => {
    const { files } = await find(['more', 'tests/notes.yaml', 'more/d.test.yaml'], ['sluice.yaml']);
    expect(files).toEqual(['more/d.test.yaml', 'tests/notes.yaml']);
  });

  test('need not be there, but those that are named must', async () => {
    expect(await find([], ['alone'])).toEqual({ files: [], places: ['alone/tests'], findings: [] });
    const { findings } = await find(['nowhere'], ['sluice.yaml']);
    expect(findings.map(({ message }) => message)).toEqual(['there is no such file or folder']);
  });
});
