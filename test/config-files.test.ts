import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { adapters } from '#adapters';
import { configJsonSchema } from '../src/config/json-schema.ts';
import { loadConfig } from '../src/config/load.ts';
import { renderFindings } from '../src/config/render-findings.ts';
import { sourceOptions } from '../src/sources/index.ts';
import { writeConfigFiles, type ConfigFolder } from './support/config-files.ts';
import { runConfigTests } from './support/run-config-tests.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pathOf = (file: string): string => join(root, file);
const files = globSync(
  ['config/*.yaml', 'config/examples/*.yaml', 'config/examples/*/sluice.yaml', 'adapters/*/sample.yaml'],
  {
    cwd: root,
  },
).toSorted();

const schemaFile = pathOf('config/sluice.schema.json');
const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as z.core.JSONSchema.JSONSchema;

let credentials: ConfigFolder;
beforeAll(async () => {
  credentials = await writeConfigFiles({ 'logdna-key': 'key' });
});
afterAll(async () => {
  await credentials[Symbol.asyncDispose]();
});

const load = (file: string, environment: Readonly<Record<string, string>>) =>
  loadConfig([pathOf(file)], { adapters, sources: sourceOptions, environment });

describe('configuration files that ship with sluice', () => {
  test('are all looked at', () => {
    expect(files).toEqual(expect.arrayContaining(['config/sluice.yaml', 'config/quickstart.yaml']));
    expect(files.filter((file) => basename(file) === 'sample.yaml')).toHaveLength(adapters.length);
  });

  test.each(files)('%s is sound once its secrets are there', async (file) => {
    const environment = { LOGGLY_TOKEN: 'token', CREDENTIALS_DIRECTORY: credentials.path };
    const { config, findings } = await load(file, environment);
    expect(renderFindings(findings)).toBe('');
    expect(config).toBeDefined();
  });

  test.each(files)('%s is sound for an editor', (file) => {
    const { error } = z.fromJSONSchema(schema).safeParse(parse(readFileSync(pathOf(file), 'utf8')));
    expect(error?.issues).toBeUndefined();
  });
});

describe('test cases that ship with sluice', () => {
  const folders = globSync('config/examples/*/tests', { cwd: root }).map(dirname);

  test('are all looked at', () => {
    expect(folders).toEqual(['config/examples/chatty-services']);
  });

  test.each(folders)('of %s pass', async (folder) => {
    const { results, report, findings } = await runConfigTests(pathOf(folder));
    expect(findings).toBe('');
    expect(results).not.toEqual([]);
    expect(report).not.toContain('FAIL');
  });
});

describe('the default configuration', () => {
  test('sends nothing until a destination is switched on, and needs no secret until then', async () => {
    const { config, findings } = await load('config/sluice.yaml', {});
    expect(findings).toEqual([]);
    expect(config?.destinations.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'cloudwatch off',
      'loggly off',
      'logdna off',
    ]);
  });

  test('switches each destination on by the environment', async () => {
    const { config } = await load('config/sluice.yaml', { LOGGLY_ENABLED: 'true', LOGGLY_TOKEN: 'token' });
    expect(config?.destinations).toMatchObject([{ status: 'off' }, { status: 'ready' }, { status: 'off' }]);
  });

  test('sends containers everywhere, the host from warnings up to CloudWatch, and drops nothing else', async () => {
    const { config } = await load('config/sluice.yaml', {});
    expect(config?.rules).toEqual([]);
    expect(config?.routes).toMatchObject([
      { match: { container: '*' }, to: ['cloudwatch', 'loggly', 'logdna'], stop: false, drop: false },
      { match: { level: '>=warn' }, to: ['cloudwatch'], stop: false, drop: false },
    ]);
  });

  test('has the defaults that are built in', async () => {
    const { config } = await load('config/sluice.yaml', {});
    await using folder = await writeConfigFiles({ 'empty.yaml': '' });
    const context = { adapters, sources: sourceOptions, environment: {} };
    const empty = await loadConfig([join(folder.path, 'empty.yaml')], context);
    expect({ ...config, destinations: [], routes: [] }).toEqual(empty.config);
  });
});

describe('the quickstart', () => {
  test('asks nobody, and writes below ./.sluice alone, at most 50 MB', async () => {
    const { config } = await load('config/quickstart.yaml', {});
    expect(config).toMatchObject({
      sources: { journald: { start: { kind: 'last', records: 20 } } },
      state: './.sluice/state',
      cloudIdentity: 'off',
      admin: { listen: { host: '127.0.0.1', port: 9797 } },
      destinations: [
        { name: 'console', status: 'ready' },
        { name: 'file', status: 'ready' },
      ],
    });
    const [, file] = config?.destinations ?? [];
    const { max_total: maxBytes } = file?.status === 'ready' ? file.options : {};
    expect(maxBytes).toBeLessThanOrEqual(50_000_000);
    expect(readFileSync(pathOf('config/quickstart.yaml'), 'utf8')).toContain('path: ./.sluice/logs/');
  });
});

describe('the checked-in JSON Schema', () => {
  test('is that of the code; else write it anew: npm run -s sluice -- schema > config/sluice.schema.json && npm run format', () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(configJsonSchema(adapters, sourceOptions))));
  });

  test.each([
    ['an unknown option', 'destinations: { loggly: { token: x, tokn: y } }'],
    ['an unknown section', 'destinatons: {}'],
    ['a type of its own without a name for it', 'destinations: { mine: { token: x } }'],
    ['an option of another type', 'destinations: { mine: { type: console, token: x } }'],
    ['a name that is no file name', 'destinations: { ../x: { type: console } }'],
    ['a word for a switch', 'destinations: { console: { enabled: perhaps } }'],
  ])('refuses %s', (_what, text) => {
    expect(z.fromJSONSchema(schema).safeParse(parse(text)).success).toBe(false);
  });

  test.each([
    ['a destination by its type', 'destinations: { console: }'],
    ['a destination by a name', 'destinations: { mine: { type: loggly, token: x } }'],
    ['a destination named as another type', 'destinations: { console: { type: loggly, token: x } }'],
    ['a variable for a switch', 'destinations: { console: { enabled: "${ON:-true}" } }'],
    ['a variable for a number', 'destinations: { console: { concurrency: "${N}" } }'],
    ['a number for text', 'labels: { version: 1.10 }'],
  ])('takes %s', (_what, text) => {
    expect(z.fromJSONSchema(schema).safeParse(parse(text)).error).toBeUndefined();
  });
});
