import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

let project: string;
let launcher: string;
let brought: string;

/** Tells which Node runs it with what, then does as it was told, or waits to be told to stop. */
const program = `
  const [task, value] = process.argv.slice(2);
  if (task === 'wait') {
    const end = (reason, code) => { console.log(reason); process.exit(code); };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => end(signal, 7));
    process.on('disconnect', () => end('the launcher is gone', 0));
    setInterval(() => {}, 1000);
  }
  console.log(JSON.stringify({ node: process.env.NODE_IS ?? 'host', flags: process.execArgv, parameters: process.argv.slice(2) }));
  if (task === 'exit') process.exit(Number(value));
  if (task === 'die') process.kill(process.pid, value);`;

const bringNode = (script: string): void => {
  mkdirSync(dirname(brought), { recursive: true });
  writeFileSync(brought, script);
  chmodSync(brought, 0o755);
};

/** A project of its own: the launcher, a program, and whatever Node a test brings. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'sluice launch-'));
  launcher = join(project, 'src/launch.mjs');
  brought = join(project, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  cpSync(join(import.meta.dirname, '../src/launch.mjs'), launcher);
  writeFileSync(join(project, 'src/program.mjs'), program);
});
afterEach(() => rmSync(project, { recursive: true }));

/** How a host's Node is made to seem another version to the launcher. */
const seemsToBe = (version: string): readonly string[] => [
  '--import',
  `data:text/javascript,Object.defineProperty(process, 'version', { value: '${version}' })`,
];

const start = (parameters: readonly string[], host: readonly string[] = [], options: SpawnOptions = {}) => {
  const { NODE_OPTIONS: _options, NODE_COMPILE_CACHE: _cache, ...environment } = process.env;
  return spawn(process.execPath, [...host, launcher, ...parameters], { cwd: tmpdir(), env: environment, ...options });
};

const outcome = async (child: ChildProcess) => {
  const [out, err, [code, signal]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'exit'),
  ]);
  return { out, err, code, signal };
};

const launch = async (parameters: readonly string[], host: readonly string[] = []) =>
  await outcome(start(parameters, host));

const working = `#!/bin/sh\nNODE_IS=brought exec '${process.execPath}' "$@"\n`;

/** Ways in which a binary is there and is none. */
const broken: readonly (readonly [string, string])[] = [
  ['misses a library', '#!/bin/sh\necho "error while loading shared libraries: libatomic.so.1" >&2\nexit 127\n'],
  ['is for another machine', '\u007fELF, but not for this machine'],
  ['wants an interpreter that is not here, as glibc on musl', '#!/lib/no-such-loader.so\n'],
  ['is killed', '#!/bin/sh\nkill -ILL $$\n'],
];

/** Node's threads, see the launcher. */
const own = ['--v8-pool-size=2'];

describe('the launcher', () => {
  test('runs a program of the project with the Node that the project brings, from any folder', async () => {
    bringNode(working);
    const { out, code } = await launch(['src/program.mjs', 'a b', '--flag']);
    expect(JSON.parse(out)).toEqual({ node: 'brought', flags: own, parameters: ['a b', '--flag'] });
    expect(code).toBe(0);
  });

  test('keeps what Node compiled within the project', async () => {
    await launch(['src/program.mjs']);
    expect(existsSync(join(project, 'node_modules/.cache/sluice'))).toBe(true);
  });

  test("takes the host's Node where none was brought", async () => {
    expect(JSON.parse((await launch(['src/program.mjs'])).out)).toMatchObject({ node: 'host' });
  });

  test.each(broken)("takes the host's Node where the brought one %s", async (_, script) => {
    bringNode(script);
    const { out, err } = await launch(['src/program.mjs']);
    expect(JSON.parse(out)).toMatchObject({ node: 'host' });
    expect(err).toBe('');
  });

  test.each(['v20.19.0', 'v22.22.0', 'v24.4.1'])(
    'says in one sentence what to do where that is %s',
    async (version) => {
      bringNode(broken[0]?.[1] ?? '');
      const { out, err, code } = await launch(['src/program.mjs'], seemsToBe(version));
      expect(out).toBe('');
      expect(err).toBe(
        `sluice needs Node 24.5 or newer and this is ${version}; the Node it brings does not start here. ` +
          `Install a current Node, or on a minimal Debian the package libatomic1, and run "npm ci" again.\n`,
      );
      expect(code).toBe(69);
    },
  );

  test.each(['v24.5.0', 'v25.0.0'])('takes the host for new enough at %s', async (version) => {
    expect((await launch(['src/program.mjs'], seemsToBe(version))).code).toBe(0);
  });

  test('needs no new Node of the host where it brings one', async () => {
    bringNode(working);
    expect(JSON.parse((await launch(['src/program.mjs'], seemsToBe('v20.0.0'))).out)).toMatchObject({
      node: 'brought',
    });
  });

  test('hands flags of Node on as they are', async () => {
    const { out } = await launch(['--no-warnings', join(project, 'src/program.mjs')]);
    expect(JSON.parse(out)).toMatchObject({ flags: [...own, '--no-warnings'] });
  });

  test('ends as its program ends', async () => {
    expect((await launch(['src/program.mjs', 'exit', '78'])).code).toBe(78);
    expect((await launch(['src/program.mjs', 'die', 'SIGKILL'])).code).toBe(128 + 9);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on and waits for the end', async (signal) => {
    const child = start(['src/program.mjs', 'wait']);
    child.stdout?.once('data', () => child.kill(signal));
    const { out, code } = await outcome(child);
    expect(out).toContain(signal);
    expect(code).toBe(7);
  });

  test('leaves nobody behind when it is killed', async () => {
    const child = start(['src/program.mjs', 'wait']);
    child.stdout?.once('data', () => child.kill('SIGKILL'));
    // The output ends only with the last process that holds it.
    const { out, signal } = await outcome(child);
    expect(signal).toBe('SIGKILL');
    expect(out).toContain('the launcher is gone');
  });
});
