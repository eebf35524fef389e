import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { adapters } from '#adapters';
import { renderReference } from '../src/config/reference.ts';
import { sourceOptions } from '../src/sources/index.ts';
import { runTestFile } from './support/run-config-tests.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const packageFile = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

/** The formatter aligns tables; what they say is what counts. */
const words = (text: string): string => text.replaceAll(/[\s|-]+/g, ' ').trim();

const between = (start: RegExp, end: string): string => {
  const [, rest = ''] = readme.split(start);
  return rest.slice(0, rest.indexOf(end));
};

describe('README', () => {
  test('has the reference that the schemas give (npm run -s sluice -- schema -o markdown)', () => {
    const reference = between(/<!-- reference: .* -->/, '<!-- end of reference -->');
    expect(words(reference)).toBe(words(renderReference(adapters, sourceOptions)));
  });

  test('has a test case that passes with the configuration it is from', async () => {
    const configuration = readFileSync(
      new URL('../config/examples/chatty-services/sluice.yaml', import.meta.url),
      'utf8',
    );
    const section = between(/## Testing a configuration/, '\n## ');
    const [, cases = ''] = /```yaml\n(.*?)```/s.exec(section) ?? [];
    const { report, findings } = await runTestFile(configuration, cases);
    expect(findings).toBe('');
    expect(report).toContain('\n1 passed\n');
  });

  test('gives a reason for every dependency', () => {
    const { dependencies } = JSON.parse(packageFile) as { dependencies: Record<string, string> };
    const table = between(/## Dependencies, each with its reason/, 'For development:');
    for (const name of Object.keys(dependencies)) expect(table).toContain(`\`${name}\``);
  });

  test('names only files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    for (const path of links) expect(() => readFileSync(new URL(`../${path}`, import.meta.url))).not.toThrow(/ENOENT/);
  });
});
