import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import { Secret, secret } from './secret.ts';

const value = 'hunter2-hunter2';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-secret-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** A program, as a credential helper is one. */
const node = (script: string): readonly [string, ...string[]] => [process.execPath, '-e', script];

describe('a secret', () => {
  test('reveals what the configuration says', async () => {
    await expect(secret().parse(value).reveal()).resolves.toBe(value);
  });

  test('reveals what its file holds, without the line end', async () => {
    const file = join(directory, 'key');
    await writeFile(file, `${value}\n`);
    await expect(secret().parse({ file }).reveal()).resolves.toBe(value);
  });

  test('reveals what its command prints', async () => {
    const command = node(`console.log(${JSON.stringify(value)})`);
    await expect(secret().parse({ command }).reveal()).resolves.toBe(value);
  });

  test('is read once until it is forgotten, then anew', async () => {
    const file = join(directory, 'key');
    await writeFile(file, 'old');
    const key = new Secret({ file });
    await expect(key.reveal()).resolves.toBe('old');
    await writeFile(file, 'new');
    await expect(key.reveal()).resolves.toBe('old');
    key.forget();
    await expect(key.reveal()).resolves.toBe('new');
  });

  test('is looked for again after it was missing', async () => {
    const file = join(directory, 'key');
    const key = new Secret({ file });
    await expect(key.reveal()).rejects.toThrow(`secret file ${file} can't be read: ENOENT`);
    await writeFile(file, value);
    await expect(key.reveal()).resolves.toBe(value);
  });

  test('says where nothing came from', async () => {
    const file = join(directory, 'key');
    await writeFile(file, ' \n');
    await expect(new Secret({ file }).reveal()).rejects.toThrow(`secret file ${file} gave nothing`);
    await expect(new Secret({ command: node('') }).reveal()).rejects.toThrow('gave nothing');
  });

  test('stays unsaid when its command fails after printing it', async () => {
    const script = `console.log('${value}'); console.error('${value}'); process.exit(3)`;
    const error: unknown = await new Secret({ command: node(script) }).reveal().catch((reason: unknown) => reason);
    expect(error).toEqual(new Error(`secret command ${process.execPath} failed: exit code 3`));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });

  test('says why its command could not be run', async () => {
    const command = join(directory, 'none');
    await expect(new Secret({ command: [command] }).reveal()).rejects.toThrow(
      `secret command ${command} failed: ENOENT`,
    );
    const killed = new Secret({ command: node("process.kill(process.pid, 'SIGTERM')") });
    await expect(killed.reveal()).rejects.toThrow('failed: ended by a signal');
  });

  test('never shows, however it is printed', async () => {
    const key = new Secret(value);
    await key.reveal();
    const options = { token: key };
    const printed = [
      JSON.stringify(options),
      inspect(options, { depth: 9, showHidden: true }),
      format('%s %o %O %j %i', key, key, key, key, key),
      String(key),
      JSON.stringify(Object.entries(key)),
      JSON.stringify(Object.assign({}, key)),
      inspect(new Error('failed', { cause: options }), { depth: 9, showHidden: true }),
    ];
    expect(printed.join('\n')).not.toContain('hunter2');
    expect(JSON.stringify(options)).toBe('{"token":"[secret]"}');
  });

  test.each([
    '',
    7,
    null,
    {},
    { file: '' },
    { file: 'a', command: ['b'] },
    { command: [] },
    { command: 'cat key' },
    { path: 'a' },
  ])('can not be written as %j', (input) => {
    expect(secret().safeParse(input).success).toBe(false);
  });
});
