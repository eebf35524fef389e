import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { writeConfigFiles } from '../../test/support/config-files.ts';
import { testVocabulary } from '../../test/support/config-vocabulary.ts';
import { loadConfig } from './load.ts';
import { renderFindings } from './render-findings.ts';

type Files = Readonly<Record<string, string>>;
type Environment = Readonly<Record<string, string>>;

const load = async (files: Files | string, environment: Environment = {}) => {
  const named = typeof files === 'string' ? { 'sluice.yaml': files } : files;
  await using folder = await writeConfigFiles(named);
  return await loadConfig([folder.path], { ...testVocabulary, environment });
};

const loadSound = async (files: Files | string, environment: Environment = {}) => {
  const { config, findings } = await load(files, environment);
  expect(findings).toEqual([]);
  if (config === undefined) throw new Error('there is no configuration, and no finding that says why');
  return config;
};

describe('a configuration', () => {
  test('may be empty: everything has a default', async () => {
    expect(await loadSound('# nothing yet\n')).toEqual({
      sources: { journald: { start: { kind: 'now' }, match: [] } },
      labels: {},
      state: '/var/lib/sluice',
      memoryBytes: 128 * 1024 * 1024,
      naming: { preset: 'sluice', streamField: undefined },
      cloudIdentity: 'auto',
      log: { level: 'info' },
      admin: { listen: { host: '127.0.0.1', port: 9797 } },
      destinations: [],
      rules: [],
      routes: [],
    });
  });

  test('gives each destination its adapter, its own options and its lane', async () => {
    const { destinations } = await loadSound(`
destinations:
  shredder:
  parcel:
    token: abc
    retention: 2d
    encoding: merged
    batch: { max_age: 5s, max_bytes: 64KiB, max_events: 100 }
    outside_window: drop
    concurrency: 2
    drain: 3s
    start: 20 lines
`);
    expect(destinations).toMatchObject([
      {
        status: 'ready',
        name: 'shredder',
        adapter: { name: 'shredder' },
        options: {},
        lane: {
          encoding: 'structured',
          batch: { maxAgeMs: 1000, maxBytes: undefined, maxEvents: undefined },
          outsideWindow: 'restamp',
          concurrency: 8,
          drainMs: undefined,
          start: undefined,
        },
      },
      {
        status: 'ready',
        name: 'parcel',
        adapter: { name: 'parcel' },
        options: { retention: 172_800_000, largest: 1_048_576, speed: 'slow' },
        lane: {
          encoding: 'merged',
          batch: { maxAgeMs: 5000, maxBytes: 65_536, maxEvents: 100 },
          outsideWindow: 'drop',
          concurrency: 2,
          drainMs: 3000,
          start: { kind: 'last', records: 20 },
        },
      },
    ]);
  });

  test('may have two destinations of one type', async () => {
    const { destinations } = await loadSound('destinations: { one: { type: shredder }, two: { type: shredder } }');
    expect(destinations).toMatchObject([
      { name: 'one', adapter: { name: 'shredder' } },
      { name: 'two', adapter: { name: 'shredder' } },
    ]);
  });

  test('takes a source with nothing behind its colon as one with its defaults', async () => {
    expect((await loadSound('sources:\n  journald:\n')).sources).toEqual({
      journald: { start: { kind: 'now' }, match: [] },
    });
  });

  test('can switch the health page off', async () => {
    expect((await loadSound('admin: { listen: false }')).admin).toEqual({ listen: undefined });
  });

  test('keeps numbers as they are written where text is wanted', async () => {
    expect((await loadSound('labels: { version: 1.10, build: 0x1F, live: true }')).labels).toEqual({
      version: '1.10',
      build: '0x1F',
      live: 'true',
    });
  });

  test('keeps a secret of digits from the environment digit by digit', async () => {
    const { destinations } = await loadSound('destinations: { parcel: { token: "${TOKEN}" } }', { TOKEN: '0012e4' });
    const [parcel] = destinations;
    if (parcel?.status !== 'ready') throw new Error('the destination is not ready');
    expect(await (parcel.options as { token: { reveal(): Promise<string> } }).token.reveal()).toBe('0012e4');
  });

  test('may repeat a part by an alias', async () => {
    const { destinations } = await loadSound(`
destinations:
  one: { type: shredder, batch: &batch { max_age: 9s } }
  two: { type: shredder, batch: *batch }
`);
    expect(destinations).toMatchObject([
      { lane: { batch: { maxAgeMs: 9000 } } },
      { lane: { batch: { maxAgeMs: 9000 } } },
    ]);
  });
});

describe('several files', () => {
  test('merge in name order, the main file last: maps merge, lists append', async () => {
    const config = await loadSound({
      'conf.d/20-b.yaml': 'labels: { b: 2 }\nrules: [{ match: { service: b }, min_level: info }]\n',
      'conf.d/10-a.yaml':
        'labels: { a: 1 }\nrules: [{ match: { service: a }, min_level: info }]\ndestinations: { shredder: }\n',
      'conf.d/ignored.txt': 'not: [yaml',
      'sluice.yaml':
        'labels: { c: 3 }\nrules: [{ match: { service: c }, min_level: info }]\ndestinations: { two: { type: shredder } }\n',
    });
    expect(config.labels).toEqual({ a: '1', b: '2', c: '3' });
    expect(config.rules.map(({ match }) => match?.['service'])).toEqual(['a', 'b', 'c']);
    expect(config.destinations.map(({ name }) => name)).toEqual(['shredder', 'two']);
  });

  test('are read in the order in which they are named', async () => {
    await using folder = await writeConfigFiles({ 'b.yaml': 'labels: { b: 1 }', 'a.yaml': 'labels: { a: 1 }' });
    const paths = [`${folder.path}/b.yaml`, `${folder.path}/a.yaml`];
    const { config, files } = await loadConfig(paths, { ...testVocabulary, environment: {} });
    expect(Object.keys(config?.labels ?? {})).toEqual(['b', 'a']);
    expect(files).toEqual(paths);
  });
});

describe('a missing variable', () => {
  const file = 'destinations: { parcel: { token: "${TOKEN}" }, shredder: }';

  test('denies its destination and no other', async () => {
    const { config, findings } = await load(file);
    expect(config?.destinations).toMatchObject([
      { name: 'parcel', status: 'denied', problem: 'TOKEN is not set' },
      { name: 'shredder', status: 'ready' },
    ]);
    expect(findings).toMatchObject([
      { kind: 'missing', path: 'destinations.parcel.token', message: 'TOKEN is not set' },
    ]);
  });

  test('is missing as well when it is empty', async () => {
    expect((await load(file, { TOKEN: '' })).findings).toMatchObject([{ kind: 'missing', message: 'TOKEN is empty' }]);
  });

  test('does not matter where the destination is off', async () => {
    const { destinations } = await loadSound(
      'destinations: { parcel: { enabled: "${ON:-false}", token: "${TOKEN}" } }',
    );
    expect(destinations).toEqual([{ status: 'off', name: 'parcel' }]);
  });

  test('is one finding, even inside of what may have several shapes', async () => {
    const { config, findings } = await load('destinations: { parcel: { token: { file: "${DIR}/token" } } }');
    expect(config?.destinations).toMatchObject([{ status: 'denied', problem: 'DIR is not set' }]);
    expect(findings).toMatchObject([{ kind: 'missing', path: 'destinations.parcel.token.file' }]);
  });

  test('elsewhere stops all, as nobody else can be stopped', async () => {
    const { config, findings } = await load('labels: { env: "${ENVIRONMENT}" }');
    expect(config).toBeUndefined();
    expect(findings).toMatchObject([{ kind: 'schema', path: 'labels.env', message: 'ENVIRONMENT is not set' }]);
  });

  test('does not hide what else is wrong', async () => {
    const { config, findings } = await load('destinations: { parcel: { token: "${TOKEN}", speed: fats } }');
    expect(config).toBeUndefined();
    expect(findings.map(({ message }) => message)).toEqual(['TOKEN is not set', 'expected slow or fast']);
  });
});

describe('a secret in a file', () => {
  test('that is not there fails validation, but its destination runs and asks again', async () => {
    const { config, findings } = await load('destinations: { parcel: { token: { file: "${DIR}/token" } } }', {
      DIR: '/nonexistent',
    });
    expect(config?.destinations).toMatchObject([{ status: 'ready' }]);
    expect(findings).toMatchObject([{ kind: 'missing', message: 'secret file /nonexistent/token does not exist' }]);
  });

  test('that is there is all it takes', async () => {
    await using folder = await writeConfigFiles({ token: '' });
    const { destinations } = await loadSound(`destinations: { parcel: { token: { file: ${folder.path}/token } } }`);
    expect(destinations).toMatchObject([{ status: 'ready' }]);
  });
});

describe('any file', () => {
  const sound = `labels: { env: prod }
destinations:
  parcel: { token: "\${TOKEN}", label: "{{service}}", batch: { max_age: 5s } }
  two:
    type: parcel
    token: |
      several
      lines
routes:
  - match: { service: "*-api", level: ">=warn" }
    to: [parcel, two]
`;
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    ' ',
    '\n',
    '"',
    "'",
    '*',
    '&a ',
    '!',
    '%',
    '@',
    '`',
    '>',
    '|',
    '- ',
    '#',
    '${',
    '\t',
    '? ',
    '---',
  ];
  const edit = fc.record({
    at: fc.nat(sound.length),
    removed: fc.nat(4),
    added: fc.constantFrom('', ...pieces),
  });

  test('is either a configuration or gives a finding, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        let text = sound;
        for (const { at, removed, added } of edits) text = text.slice(0, at) + added + text.slice(at + removed);
        const { config, findings } = await load(text, { TOKEN: 'hush-hush' });
        expect(config !== undefined || findings.length > 0).toBe(true);
        expect(renderFindings(findings)).not.toContain('hush-hush');
      }),
    );
  });
});
