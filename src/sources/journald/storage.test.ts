import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JournalPlace } from './reading.ts';
import { findStorage, type JournalStorage } from './storage.ts';

const machine = 'a'.repeat(32);

let hostRoot: string;
beforeEach(() => {
  hostRoot = mkdtempSync(join(tmpdir(), 'storage-'));
  write('etc/machine-id', `${machine}\n`);
  write('run/systemd/journal/socket');
});
afterEach(() => rmSync(hostRoot, { recursive: true }));

const write = (path: string, text = ''): void => {
  mkdirSync(dirname(join(hostRoot, path)), { recursive: true });
  writeFileSync(join(hostRoot, path), text);
};

const find = async (place: Partial<JournalPlace> = {}): Promise<JournalStorage | undefined> =>
  await findStorage({ hostRoot, directory: undefined, namespace: undefined, matches: [], ...place });

const onDisk = (folder: string, namespace?: string): JournalStorage => ({
  folders: [join(hostRoot, 'var/log/journal', folder)],
  persistent: true,
  keeper: { namespace, kind: 'System' },
});

describe('the storage of a journal', () => {
  test('is the folder of this host on disk', async () => {
    write(`var/log/journal/${'b'.repeat(32)}/system.journal`);
    write(`var/log/journal/${machine}/system.journal`);
    expect(await find()).toEqual(onDisk(machine));
    expect(await find({ directory: `${hostRoot}/var/log/journal/` })).toEqual(onDisk(machine));
  });

  test('is in memory while journald writes there', async () => {
    write(`run/log/journal/${machine}/system.journal`);
    expect(await find()).toEqual({
      folders: [join(hostRoot, 'run/log/journal', machine)],
      persistent: false,
      keeper: { namespace: undefined, kind: 'Runtime' },
    });
  });

  test('is the folder of a namespace, with a journald of its own', async () => {
    write('run/systemd/journal.web/socket');
    expect(await find({ namespace: 'web' })).toEqual(onDisk(`${machine}.web`, 'web'));
  });

  test('has limits that nobody knows where journald runs elsewhere, as in a container', async () => {
    rmSync(join(hostRoot, 'run/systemd'), { recursive: true });
    expect(await find()).toEqual({ ...onDisk(machine), keeper: undefined });
  });

  test('of files put elsewhere is their folders, with limits that nobody knows', async () => {
    const directory = join(hostRoot, 'copies');
    write(`copies/${machine}/system.journal`);
    const folders = [directory, join(directory, machine)];
    expect(await find({ directory })).toMatchObject({ folders, keeper: undefined });
  });

  test('is not kept over a reboot on a file system in memory', async () => {
    expect(await find({ directory: '/dev/shm' })).toMatchObject({ persistent: false });
  });

  test('can not be told of several namespaces, or on a host without an id', async () => {
    expect(await find({ namespace: '*' })).toBeUndefined();
    expect(await find({ namespace: '+web' })).toBeUndefined();
    write('etc/machine-id', 'uninitialized\n');
    expect(await find()).toBeUndefined();
  });
});
