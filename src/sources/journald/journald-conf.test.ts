import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readStorageSettings } from './journald-conf.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'journald-conf-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const place = (path: string): string => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  return join(root, path);
};

const write = (path: string, ...lines: readonly string[]): void => writeFileSync(place(path), lines.join('\n'));

const maxUse = async (namespace?: string): Promise<number | undefined> =>
  (await readStorageSettings(root, namespace, 'System'))?.maxUseBytes;

describe("journald's configuration", () => {
  test('leaves all to journald where there is none', async () => {
    expect(await readStorageSettings(root, undefined, 'System')).toEqual({
      maxUseBytes: undefined,
      keepFreeBytes: undefined,
      maxFileBytes: undefined,
      maxRetentionMs: undefined,
    });
  });

  test('is read for the storage in question', async () => {
    write(
      'etc/systemd/journald.conf',
      '# comment',
      '[Journal]',
      'SystemMaxUse=500M',
      'SystemKeepFree = 1G',
      'SystemMaxFileSize=\\',
      ' 16M',
      'RuntimeMaxUse=50M',
      'MaxRetentionSec=1week',
      '[Other]',
      'SystemMaxUse=1K',
    );
    expect(await readStorageSettings(root, undefined, 'System')).toEqual({
      maxUseBytes: 500 * 1024 ** 2,
      keepFreeBytes: 1024 ** 3,
      maxFileBytes: 16 * 1024 ** 2,
      maxRetentionMs: 7 * 86_400_000,
    });
    expect(await readStorageSettings(root, undefined, 'Runtime')).toMatchObject({
      maxUseBytes: 50 * 1024 ** 2,
      keepFreeBytes: undefined,
    });
  });

  test('has no retention of 0', async () => {
    write('etc/systemd/journald.conf', '[Journal]', 'MaxRetentionSec=0');
    expect((await readStorageSettings(root, undefined, 'System'))?.maxRetentionMs).toBeUndefined();
  });

  test('is overridden by drop-ins, the last by name, wherever they are', async () => {
    write('etc/systemd/journald.conf', '[Journal]', 'SystemMaxUse=1M');
    write('run/systemd/journald.conf.d/20-middle.conf', '[Journal]', 'SystemMaxUse=20M');
    write('usr/lib/systemd/journald.conf.d/30-last.conf', '[Journal]', 'SystemMaxUse=30M');
    write('etc/systemd/journald.conf.d/10-first.conf', '[Journal]', 'SystemMaxUse=10M');
    write('etc/systemd/journald.conf.d/99-not-one.txt', '[Journal]', 'SystemMaxUse=99M');
    expect(await maxUse()).toBe(30 * 1024 ** 2);
  });

  test('has drop-ins of /etc in place of their namesakes, and none where it is /dev/null', async () => {
    write('usr/lib/systemd/journald.conf.d/a.conf', '[Journal]', 'SystemMaxUse=1M');
    write('etc/systemd/journald.conf.d/a.conf', '[Journal]', 'SystemMaxUse=2M');
    write('usr/lib/systemd/journald.conf.d/b.conf', '[Journal]', 'SystemMaxUse=3M');
    symlinkSync('/dev/null', place('etc/systemd/journald.conf.d/b.conf'));
    expect(await maxUse()).toBe(2 * 1024 ** 2);
  });

  test('keeps what stood before a value that journald ignores; an empty one takes it back', async () => {
    write('etc/systemd/journald.conf', '[Journal]', 'SystemMaxUse=7M', 'SystemMaxUse=plenty');
    expect(await maxUse()).toBe(7 * 1024 ** 2);
    write('etc/systemd/journald.conf.d/a.conf', '[Journal]', 'SystemMaxUse=');
    expect(await maxUse()).toBeUndefined();
  });

  test('of a namespace is its own', async () => {
    write('etc/systemd/journald.conf', '[Journal]', 'SystemMaxUse=1M');
    write('etc/systemd/journald@web.conf', '[Journal]', 'SystemMaxUse=2M');
    write('etc/systemd/journald@web.conf.d/a.conf', '[Journal]', 'SystemMaxUse=3M');
    expect(await maxUse()).toBe(1024 ** 2);
    expect(await maxUse('web')).toBe(3 * 1024 ** 2);
    expect(await maxUse('other')).toBeUndefined();
  });
});
