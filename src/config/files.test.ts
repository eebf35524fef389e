import { describe, expect, test } from '@jest/globals';
import { writeConfigFiles } from '../../test/support/config-files.ts';
import { testVocabulary } from '../../test/support/config-vocabulary.ts';
import { loadConfig } from './load.ts';
import { renderFindings } from './render-findings.ts';

/** What `validate` prints of the files of a folder. */
const findingsOf = async (files: Readonly<Record<string, string | Uint8Array>>, name = ''): Promise<string> => {
  await using folder = await writeConfigFiles(files);
  const context = { ...testVocabulary, environment: {} };
  const { config, findings } = await loadConfig([`${folder.path}/${name}`], context);
  expect(config).toBeUndefined();
  return renderFindings(findings).replaceAll(`${folder.path}/`, '');
};

describe('what several files say twice', () => {
  test('is an error for a destination, even where its options would fit together', async () => {
    expect(
      await findingsOf({
        'conf.d/a.yaml': '\ndestinations:\n  shredder: { concurrency: 2 }\n',
        'sluice.yaml': 'destinations:\n  shredder: { enabled: false }\n',
      }),
    ).toBe(`sluice.yaml:2:3: error: destinations.shredder: destinations.shredder is already set at conf.d/a.yaml:3
    2 |   shredder: { enabled: false }
      |   ^^^^^^^^ remove one of the two`);
  });

  test('is an error for a single value', async () => {
    expect(await findingsOf({ 'conf.d/a.yaml': 'state: /a\n', 'sluice.yaml': 'state: /a\n' }))
      .toBe(`sluice.yaml:1:1: error: state: state is already set at conf.d/a.yaml:1
    1 | state: /a
      | ^^^^^ remove one of the two`);
  });

  test('is an error where one has a list and the other a map', async () => {
    expect(await findingsOf({ 'conf.d/a.yaml': 'rules: []\n', 'sluice.yaml': 'rules: { min_level: info }\n' }))
      .toBe(`sluice.yaml:1:1: error: rules: rules is already set at conf.d/a.yaml:1
    1 | rules: { min_level: info }
      | ^^^^^ remove one of the two`);
  });
});

describe('a file', () => {
  test('that is not there is said so', async () => {
    expect(await findingsOf({}, 'sluice.yaml')).toBe(
      'sluice.yaml: error: there is no such file\n  name the file with -c FILE',
    );
  });

  test('that is a folder is said so', async () => {
    expect(await findingsOf({ 'conf.d/a.yaml/b': '' })).toContain("conf.d/a.yaml: error: it can't be read: EISDIR");
  });

  test('that is larger than any configuration is not parsed', async () => {
    expect(await findingsOf({ 'sluice.yaml': '#'.repeat(1024 * 1024 + 1) })).toBe(
      'sluice.yaml: error: it is larger than 1 MiB; is it a configuration?',
    );
  });

  test('that has nothing to do with us is told with bounds', async () => {
    const lines = Array.from({ length: 250 }, (_, index) => `thing-${String(index)}: 1`);
    const findings = (await findingsOf({ 'sluice.yaml': lines.join('\n') })).split('\n\n');
    expect(findings).toHaveLength(201);
    expect(findings[0]).toContain('unknown option "thing-0"');
    expect(findings[200]).toBe('sluice.yaml: error: 50 more findings; these are the first');
  });

  test('that nests deeper than it can be read is said so', async () => {
    const ladder = `labels: ${'['.repeat(100)}${']'.repeat(100)}`;
    expect(await findingsOf({ 'sluice.yaml': ladder })).toContain('sluice.yaml:1:1: error: this holds too much');
  });

  test('that nests deeper than it can be parsed is said so', async () => {
    const ladder = `labels: ${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(await findingsOf({ 'sluice.yaml': ladder })).toMatch(/^sluice\.yaml:1:\d+: error: this /);
  });

  test('that is not UTF-8 is said so', async () => {
    expect(await findingsOf({ 'sluice.yaml': Uint8Array.of(0x61, 0xff) })).toBe(
      'sluice.yaml: error: it is not valid UTF-8',
    );
  });

  test('that is no YAML is told alone, with others like it: the rest would mislead without it', async () => {
    expect(
      await findingsOf({
        'conf.d/a.yaml': 'destinations: [\n',
        'conf.d/b.yaml': 'labels: {\n',
        'sluice.yaml': 'routes: [{ to: [parcel] }]\n',
      }),
    ).toBe(`conf.d/a.yaml:1:15: error: this [ is never closed
    1 | destinations: [
      |               ^

conf.d/b.yaml:1:9: error: this { is never closed
    1 | labels: {
      |         ^`);
  });
});
