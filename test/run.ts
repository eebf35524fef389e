import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NotRun } from './support/components.ts';

/** Runs all tests and ends with a table of what was not run, and which Debian package would have brought it. */
const project = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), 'sluice-test-'));
const notRunFile = join(scratch, 'not-run');
writeFileSync(notRunFile, '');

const nodeFlags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = join(project, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(process.execPath, [...nodeFlags, jest, ...process.argv.slice(2)], {
  cwd: project,
  stdio: 'inherit',
  env: { ...process.env, SLUICE_NOT_RUN: notRunFile },
});

const notRun = readFileSync(notRunFile, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): NotRun => JSON.parse(line));
rmSync(scratch, { recursive: true });

if (notRun.length > 0) {
  const width = Math.max(...notRun.map(({ suite }) => suite.length));
  const rows = notRun.map(
    ({ suite, missing, remedy }) => `  ${suite.padEnd(width)}  no ${missing.join(', ')}: ${remedy}`,
  );
  process.stdout.write(`\nNot run on this machine:\n${rows.join('\n')}\n`);
}
process.exitCode = status ?? 1;
