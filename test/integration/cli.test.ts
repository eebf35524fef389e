import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { requireComponents } from '../support/components.ts';
import { mainPath, outcomeOf, startCommand } from '../support/command.ts';

const project = join(import.meta.dirname, '../..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command to its end, as a shell would. */
const sluice = async (parameters: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  await outcomeOf(startCommand({ parameters, folder, environment }));

const write = (yaml: string, name = 'sluice.yaml'): string => {
  writeFileSync(join(folder, name), yaml);
  return name;
};

const sound = 'destinations:\n  blackhole: {}\n';

const describeWithJournalctl = requireComponents('journalctl');

describe('sluice', () => {
  test.each([['--help'], ['run', '--help']])('tells what there is for %s, and succeeds', async (...words) => {
    const { out, err, code } = await sluice(words);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toMatch(/^Usage: sluice/);
  });

  test('says its version', async () => {
    const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    expect(await sluice(['--version'])).toEqual({ out: `${version}\n`, err: '', code: 0 });
  });

  test.each([
    [[], /^Usage: sluice/],
    [['bogus'], /unknown command 'bogus'/],
    [['run', '--bogus'], /unknown option '--bogus'/],
    [['validate', '-c'], /argument missing/],
    [['config', 'show', '-o', 'xml'], /Allowed choices are yaml, json/],
    [['schema', 'extra'], /too many arguments/],
  ])('%j is a wrong usage: 2, and nothing on standard output', async (words, complaint) => {
    const { out, err, code } = await sluice(words);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(complaint);
  });
});

describe('sluice validate', () => {
  test('says where a sound configuration ships to', async () => {
    const file = write(`${sound}  loggly: { enabled: false, token: x }\n`);
    expect(await sluice(['validate', '-c', file])).toEqual({
      out: 'sluice.yaml: valid; ships to blackhole\n',
      err: '',
      code: 0,
    });
  });

  test.each([
    ['labels: {}\n', 'it names no destination'],
    ['destinations:\n  blackhole: { enabled: false }\n', 'every destination is off'],
  ])('says that %j ships nowhere', async (yaml, reason) => {
    const { out } = await sluice(['validate', '-c', write(yaml)]);
    expect(out).toBe(`sluice.yaml: valid; ships to nowhere (${reason})\n`);
  });

  test('says all that is wrong, with place, caret and remedy: 78', async () => {
    const file = write('destinatons: {}\nmemory: lots\n');
    const { out, err, code } = await sluice(['validate', '-c', file], { TERM: 'xterm-256color' });
    expect({ out, code }).toEqual({ out: '', code: 78 });
    expect(err).toBe(
      [
        'sluice.yaml:1:1: error: destinatons: unknown option "destinatons"',
        '    1 | destinatons: {}',
        '      | ^^^^^^^^^^^ did you mean "destinations"?',
        '',
        'sluice.yaml:2:9: error: memory: expected a size with its unit, as 512KiB, 64MiB or 1GB',
        '    2 | memory: lots',
        '      |         ^^^^',
        '',
        '2 errors',
        '',
      ].join('\n'),
    );
  });

  test('takes its files from SLUICE_CONFIG where no flag names them, and merges them', async () => {
    write(sound, 'one.yaml');
    write('destinations:\n  console: {}\n', 'two.yaml');
    const { out } = await sluice(['validate'], { SLUICE_CONFIG: 'one.yaml:two.yaml' });
    expect(out).toBe('one.yaml, two.yaml: valid; ships to blackhole, console\n');
  });

  test('fails for a secret that is not set, and shows none that is', async () => {
    const file = write(
      'destinations:\n  loggly: { token: hunter2-plain, tokn: hunter2-typo }\n  logdna: { key: "${KEY}" }\n',
    );
    const { err, code } = await sluice(['validate', '-c', file]);
    expect(code).toBe(78);
    expect(err).toContain('KEY is not set');
    expect(err).not.toContain('hunter2');
  });

  test('names the file of a certificate that is not there', async () => {
    const file = write('destinations:\n  loggly: { token: x, tls: { ca_file: /nonexistent/ca.pem } }\n');
    const { err, code } = await sluice(['validate', '-c', file]);
    expect(code).toBe(78);
    expect(err).toContain('error: destinations.loggly.tls.ca_file: file /nonexistent/ca.pem does not exist');
  });

  test('lets no escape of a file or of its name reach the terminal', async () => {
    const file = write('"a\u009b2J": "\u001b]0;owned\u0007"\n', 'b\u001b[31m.yaml');
    const { err } = await sluice(['validate', '-c', file]);
    expect(err).toContain('unknown option');
    expect(err).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

const cases = (level: string): string =>
  `cases:\n  - name: an error\n    entry: { message: hi, PRIORITY: 3 }\n    event: { level: ${level} }\n`;

describe('sluice test', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'tests'));
    write('destinations:\n  loggly: { token: "${LOGGLY_TOKEN}" }\n');
  });

  test('runs the cases beside the configuration, without its secrets', async () => {
    write(cases('err'), 'tests/a.test.yaml');
    expect(await sluice(['test', '-c', 'sluice.yaml'])).toEqual({
      out: 'tests/a.test.yaml\n  ok    an error\n\n1 passed\n',
      err: '',
      code: 0,
    });
  });

  test('shows what differs, in colour where that is asked for: 1', async () => {
    write(cases('info'), 'named.yaml');
    const { out, err, code } = await sluice(['test', '-c', 'sluice.yaml', '--color', 'always', 'named.yaml']);
    expect({ err, code }).toEqual({ err: '', code: 1 });
    expect(out).toContain('named.yaml:4:21: event.level\n          expected  \u001b[32m"INFO"');
  });

  test('prints JSON for machines', async () => {
    write(cases('info'), 'tests/a.test.yaml');
    const { out, code } = await sluice(['test', '-c', 'sluice.yaml', '-o', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      passed: 0,
      failed: 1,
      cases: [
        {
          name: 'an error',
          file: 'tests/a.test.yaml',
          line: 2,
          column: 5,
          passed: false,
          mismatches: [
            {
              path: 'event.level',
              file: 'tests/a.test.yaml',
              line: 4,
              column: 21,
              expected: 'INFO',
              got: 'ERROR',
              notes: [],
            },
          ],
        },
      ],
    });
  });

  test.each([
    ['the configuration', 'memory: lots\n', 'cases: []\n', 'sluice.yaml:1:9: error: memory: expected a size'],
    ['a file of cases', '{}\n', 'case: []\n', 'tests/a.test.yaml:1:1: error: case: unknown option "case"'],
  ])('says what is wrong with %s: 78', async (_, configuration, tests, complaint) => {
    write(configuration);
    write(tests, 'tests/a.test.yaml');
    const { out, err, code } = await sluice(['test', '-c', 'sluice.yaml']);
    expect({ out, code }).toEqual({ out: '', code: 78 });
    expect(err).toContain(complaint);
  });

  test('says where it looked when it finds none: 1', async () => {
    expect(await sluice(['test', '-c', 'sluice.yaml'])).toEqual({
      out: '',
      err: 'sluice: no test cases; looked for *.test.yaml in tests\n',
      code: 1,
    });
  });
});

describe('sluice config show', () => {
  const yaml =
    'state: "${STATE:-/somewhere}"\ndestinations:\n  loggly: { token: "${TOKEN}", proxy: "http://me:hunter2@127.0.0.1:1" }\n';

  test('prints the whole, each value with its origin, without secrets', async () => {
    const { out, code } = await sluice(['config', 'show', '-c', write(yaml)], { TOKEN: 'hunter2' });
    expect(code).toBe(0);
    expect(out).toContain('state: /somewhere # sluice.yaml:1');
    expect(out).toContain('token: "[secret]" # environment TOKEN');
    expect(out).toContain('memory: 128MiB # default');
    expect(out).not.toContain('hunter2');
  });

  test('prints JSON for machines', async () => {
    const { out } = await sluice(['config', 'show', '-o', 'json', '-c', write(sound)]);
    expect(JSON.parse(out)).toMatchObject({
      resolved: { memory: '128MiB', destinations: { blackhole: { type: 'blackhole' } } },
      origins: { memory: 'default' },
    });
  });

  test('shows what it can of a wrong one: 78', async () => {
    const { err, code } = await sluice(['config', 'show', '-c', write('memory: lots\n')]);
    expect(code).toBe(78);
    expect(err).toContain('expected a size');
  });
});

describe('sluice schema', () => {
  test('is the file that ships', async () => {
    const { out, code } = await sluice(['schema']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(join(project, 'config/sluice.schema.json'), 'utf8')));
  });

  test('is Markdown for people', async () => {
    expect((await sluice(['schema', '-o', 'markdown'])).out).toMatch(/^### Top level\n/);
  });

  test('ends without a word when nobody reads on', async () => {
    const child = startCommand({ parameters: ['schema'], folder });
    child.stdout.destroy();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ err, code }).toEqual({ err: '', code: 0 });
  });

  test('says that its output can not be written: 74', async () => {
    const intoFullDisk = ['-c', '"$0" "$1" schema >/dev/full', process.execPath, mainPath];
    const { err, code } = await outcomeOf(spawn('sh', intoFullDisk, { stdio: ['ignore', 'pipe', 'pipe'] }));
    expect(code).toBe(74);
    expect(err).toMatch(/^sluice: standard output can't be written: ENOSPC/);
  });
});

describe('sluice run', () => {
  test.each([
    ['a configuration that is wrong', 'memory: lots\n', 78, 'expected a size'],
    ['no configuration', undefined, 78, 'there is no such file'],
    ['a state directory that can not be', 'state: sluice.yaml/state\n', 74, "can't make the state directory"],
  ])('ends at once for %s', async (_, yaml, exitCode, complaint) => {
    if (yaml !== undefined)
      write(`${yaml}admin: { listen: false }\n${yaml.startsWith('state') ? '' : 'state: state\n'}`);
    const { out, err, code } = await sluice(['run', '-c', 'sluice.yaml']);
    expect({ out, code }).toEqual({ out: '', code: exitCode });
    expect(err).toContain(complaint);
    expect(err).not.toMatch(/^ {4}at /m);
  });
});

describeWithJournalctl('sluice run without a journal', () => {
  test('ends at once and says what to look at', async () => {
    write('sources: { journald: { directory: /nonexistent } }\nadmin: { listen: false }\nstate: state\n');
    const { err, code } = await sluice(['run', '-c', 'sluice.yaml']);
    expect(code).toBe(69);
    expect(err).toContain('check sources.journald.directory');
  });
});
