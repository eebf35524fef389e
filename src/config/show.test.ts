import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { writeConfigFiles } from '../../test/support/config-files.ts';
import { testVocabulary } from '../../test/support/config-vocabulary.ts';
import { loadConfig } from './load.ts';
import { showConfig } from './show.ts';

const show = async (
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
  format: 'yaml' | 'json' = 'yaml',
): Promise<string> => {
  await using folder = await writeConfigFiles(files);
  const { document } = await loadConfig([folder.path], { ...testVocabulary, environment });
  if (document === undefined) throw new Error('the test is no configuration');
  return showConfig(document, testVocabulary, format).replaceAll(`${folder.path}/`, '');
};

const files = {
  'conf.d/a.yaml': `labels: { env: prod, build: 1.10 }
destinations:
  parcel:
    token: "\${TOKEN}"
    speed: "\${SPEED:-fast}"
    copies: "\${COPIES}"
    depot: https://me:hush-hush@example.com/
    address: { street: "\${STREET} \${NUMBER}" }
`,
  'sluice.yaml': `destinations:
  inline: { type: shredder, enabled: false, batch: { max_age: 9s } }
  from-file: { type: parcel, token: { file: /run/token } }
routes:
  - match: { level: ">=warn" }
    to: [parcel]
`,
};
const environment = { TOKEN: 'hush-hush', COPIES: '3', STREET: 'Main', NUMBER: '7' };

describe('config show', () => {
  test('prints the whole, each value with its origin, and no secret', async () => {
    expect(await show(files, environment)).toBe(`labels:
  env: prod # conf.d/a.yaml:1
  build: "1.10" # conf.d/a.yaml:1
destinations:
  parcel:
    token: "[secret]" # environment TOKEN
    speed: fast # conf.d/a.yaml:5
    copies: 3 # environment COPIES
    depot: https://************@example.com/ # conf.d/a.yaml:7
    address:
      street: Main 7 # environment STREET, NUMBER
    enabled: true # default
    type: parcel # default
    encoding: structured # default
    batch:
      max_age: 1s # default
    outside_window: restamp # default
    concurrency: 8 # default
    notices: true # default
    dead_letters:
      max_size: 16MiB # default
    resume: false # default
    label: "{{service}}" # default
    largest: 1MiB # default
    fragile: false # default
    tags: [] # default
  inline:
    type: shredder # sluice.yaml:2
    enabled: false # sluice.yaml:2
    batch:
      max_age: 9s # sluice.yaml:2
    encoding: structured # default
    outside_window: restamp # default
    concurrency: 8 # default
    notices: true # default
    dead_letters:
      max_size: 16MiB # default
    resume: false # default
  from-file:
    type: parcel # sluice.yaml:3
    token:
      file: /run/token # sluice.yaml:3
    enabled: true # default
    encoding: structured # default
    batch:
      max_age: 1s # default
    outside_window: restamp # default
    concurrency: 8 # default
    notices: true # default
    dead_letters:
      max_size: 16MiB # default
    resume: false # default
    label: "{{service}}" # default
    largest: 1MiB # default
    fragile: false # default
    copies: 1 # default
    speed: slow # default
    tags: [] # default
routes:
  - match:
      level: ">=warn" # sluice.yaml:5
    to:
      - parcel # sluice.yaml:6
    stop: false # default
    drop: false # default
sources:
  journald:
    start: now # default
    match: [] # default
state: /var/lib/sluice # default
memory: 128MiB # default
naming:
  preset: sluice # default
cloud_identity: auto # default
log:
  level: info # default
admin:
  listen: 127.0.0.1:9797 # default
rules: [] # default
`);
  });

  test('prints what loads again to the same, secrets apart', async () => {
    const shown = await show(files, environment);
    expect(await show({ 'sluice.yaml': shown }).then(parse)).toEqual(parse(shown));
  });

  test('prints the same for machines, with origins by path', async () => {
    const { resolved, origins } = JSON.parse(await show(files, environment, 'json')) as {
      resolved: unknown;
      origins: Readonly<Record<string, string>>;
    };
    expect(resolved).toEqual(parse(await show(files, environment)));
    expect(origins).toMatchObject({
      'destinations.parcel.token': 'environment TOKEN',
      'destinations.parcel.speed': 'conf.d/a.yaml:5',
      'destinations.parcel.address.street': 'environment STREET, NUMBER',
      'destinations.parcel.concurrency': 'default',
      'routes[0].to[0]': 'sluice.yaml:6',
      rules: 'default',
    });
  });

  test('prints the defaults of an empty configuration', async () => {
    expect(await show({ 'sluice.yaml': '' })).toBe(`sources:
  journald:
    start: now # default
    match: [] # default
labels: {} # default
state: /var/lib/sluice # default
memory: 128MiB # default
naming:
  preset: sluice # default
cloud_identity: auto # default
log:
  level: info # default
admin:
  listen: 127.0.0.1:9797 # default
destinations: {} # default
rules: [] # default
routes: [] # default
`);
  });

  test('says what is missing', async () => {
    const shown = await show({ 'sluice.yaml': 'destinations: { parcel: { token: "${MISSING}" } }' });
    expect(shown).toContain('token: null # MISSING is not set\n');
  });

  test('hides a secret that is written down', async () => {
    const shown = await show({ 'sluice.yaml': 'destinations: { parcel: { token: hush-hush } }' });
    expect(shown).toContain('token: "[secret]" # sluice.yaml:1\n');
  });

  test('hides by its name what no schema knows', async () => {
    const shown = await show({
      'sluice.yaml': 'destinations: { x: { type: unknown, api_token: hush-hush, size: 5 } }',
    });
    expect(shown).toContain('api_token: "[secret]" # sluice.yaml:1');
    expect(shown).toContain('size: 5 # sluice.yaml:1');
  });
});
