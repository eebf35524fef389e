import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { CloudIdentity } from './cloud-identity/cloud-identity.ts';
import { createHostFacts, readHostIdentity } from './host-identity.ts';

const machineId = '0123456789abcdef0123456789abcdef';
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'host-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const machineIdFile = (content: string): string => {
  const file = join(directory, 'machine-id');
  writeFileSync(file, content);
  return file;
};

test('a host is known by its name and its machine id', () => {
  const sources = { hostname: () => 'ip-10-0-0-1', machineIdFile: machineIdFile(`${machineId}\n`) };
  expect(readHostIdentity(sources)).toEqual({ name: 'ip-10-0-0-1', machineId });
});

test('a host that can not say its name is localhost', () => {
  const sources = {
    hostname: () => {
      throw new Error('uname failed');
    },
    machineIdFile: join(directory, 'none'),
  };
  expect(readHostIdentity(sources)).toEqual({ name: 'localhost', machineId: undefined });
  expect(readHostIdentity({ ...sources, hostname: () => '' }).name).toBe('localhost');
});

test('an image that was never booted has no machine id', () => {
  const sources = { hostname: () => 'host', machineIdFile: machineIdFile('uninitialized\n') };
  expect(readHostIdentity(sources).machineId).toBeUndefined();
});

test('this host has a name', () => {
  expect(readHostIdentity().name).not.toBe('');
});

test('facts change only when the cloud has said more', () => {
  let cloud: CloudIdentity = {};
  const facts = createHostFacts({ name: 'host', machineId }, () => cloud);
  const before = facts();
  expect(facts()).toBe(before);
  cloud = { instance: 'i-01234567' };
  expect(facts()).toEqual({ name: 'host', machineId, cloud: { instance: 'i-01234567' } });
  expect(facts()).not.toBe(before);
});
