import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { requireComponents } from '../support/components.ts';

const run = promisify(execFile);
const main = fileURLToPath(new URL('main.ts', import.meta.url));
const bench = async (...parameters: readonly string[]) => await run(process.execPath, [main, ...parameters]);
const withoutPrograms = { env: { ...process.env, PATH: '' } };

requireComponents('journalctl', 'systemd-journal-remote')('the bench', () => {
  test('ships a small journal through the agent and counts every line of it once', async () => {
    const { stdout } = await bench('--entries', '2000', '--stage', 'file', '--reader', 'native', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      runs: 1,
      shipping: [
        {
          stage: 'file',
          reader: 'native',
          entries: 2000,
          uniqueIds: 2000,
          duplicates: 0,
          cpuSecondsPerMillion: expect.any(Number),
        },
      ],
    });
  }, 60_000);

  test('says what it leaves out, and goes on', async () => {
    const parameters = [main, '--entries', '2000', '--stage', 'fluent-bit', '--stage', 'native-read', '--json'];
    const { stdout, stderr } = await run(process.execPath, parameters, withoutPrograms);
    expect(stderr).toContain('fluent-bit is left out: there is no fluent-bit on PATH');
    expect(JSON.parse(stdout)).toMatchObject({ shipping: [{ stage: 'native-read', entries: 2000 }] });
  }, 60_000);
});

describe('the command line of the bench', () => {
  test.each([
    [['--stage', 'tape'], 'there is no stage "tape"; choose among journalctl-json'],
    [['--reader', 'tape'], 'there is no reader "tape"; choose among journalctl, native'],
    [['--fluent-bit', '/nowhere/fluent-bit'], 'there is no fluent-bit at /nowhere/fluent-bit'],
    [['--entries', 'many'], '--entries wants a number from 1 up, not "many"'],
  ])('refuses %j and says why', async (parameters, message) => {
    await expect(bench(...parameters)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });
});
