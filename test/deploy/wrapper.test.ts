import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const wrapper = join(import.meta.dirname, '../../deploy/systemd/sluice');
const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
let root: string;
let checkout: string;
let installed: string;

const script = (path: string, text: string): void => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
};

/** A checkout with a program that says how it was run, and `/usr/bin/sluice` as a link into it. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-wrapper-'));
  checkout = join(root, 'opt/a folder/sluice');
  installed = join(root, 'sluice');
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(checkout, 'src'), { recursive: true });
  cpSync(wrapper, join(checkout, 'deploy/systemd/sluice'));
  symlinkSync(join(checkout, 'deploy/systemd/sluice'), installed);
  const program = `const parameters: string[] = process.argv.slice(2);
    console.log(JSON.stringify({ parameters, pid: process.pid, node: process.argv0, flags: process.execArgv }));`;
  writeFileSync(join(checkout, 'src/main.ts'), program);
});
afterEach(() => rmSync(root, { recursive: true }));

/** The launcher's, too. */
const flags = ['--v8-pool-size=2'];

const run = (...parameters: string[]) => {
  const environment = { PATH: `${join(root, 'bin')}:/usr/bin:/bin` };
  const { pid, stdout } = spawnSync(installed, parameters, { encoding: 'utf8', env: environment });
  return { pid, stdout };
};

describe('the command that is installed', () => {
  test('becomes the Node that the project brings, in the same process', () => {
    const brought = join(checkout, `node_modules/node-linux-${architecture}/bin/node`);
    mkdirSync(join(brought, '..'), { recursive: true });
    symlinkSync(process.execPath, brought);
    const { pid, stdout } = run('run', '--config', 'a b.yaml');
    expect(JSON.parse(stdout)).toEqual({ parameters: ['run', '--config', 'a b.yaml'], pid, node: brought, flags });
  });

  test("takes the host's Node where the brought one does not start", () => {
    script(join(checkout, `node_modules/node-linux-${architecture}/bin/node`), '#!/bin/sh\nexit 127\n');
    symlinkSync(process.execPath, join(root, 'bin/node'));
    const { pid, stdout } = run('status');
    expect(JSON.parse(stdout)).toEqual({ parameters: ['status'], pid, node: 'node', flags });
  });

  test.each([
    ['v24.4.1', 'too old'],
    ['v23.11.0', 'too old'],
    ['v24.5.0', 'taken'],
    ['v25.0.0', 'taken'],
  ])("asks of the host's Node what the launcher asks: %s is %s", (version, verdict) => {
    const seeming = `--import "data:text/javascript,Object.defineProperty(process,'version',{value:'${version}'})"`;
    writeFileSync(join(checkout, 'src/launch.mjs'), "console.log('too old');");
    writeFileSync(join(checkout, 'src/main.ts'), "console.log('taken');");
    script(join(root, 'bin/node'), `#!/bin/sh\nexec '${process.execPath}' ${seeming} "$@"\n`);
    expect(run('run').stdout).toBe(`${verdict}\n`);
  });

  test('leaves it to the launcher to tell a host that its Node is too old', () => {
    script(join(root, 'bin/node'), '#!/bin/sh\n[ "$1" != --eval ] || exit 1\nprintf "%s\\n" "$@"\n');
    expect(run('run').stdout.split('\n')).toEqual([join(checkout, 'src/launch.mjs'), 'src/main.ts', 'run', '']);
  });
});
