import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { requireComponents } from '../support/components.ts';

const deploy = join(import.meta.dirname, '../../deploy/systemd');
const read = (path: string): string => readFileSync(join(deploy, path), 'utf8');

/** `Key=value` of a unit or configuration file; repeated keys become lists. */
const settingsOf = (text: string): ReadonlyMap<string, readonly string[]> => {
  const lines = text.split('\n').filter((line) => /^\w+=/.test(line));
  const pairs = lines.map((line) => line.split(/=(.*)/s, 2));
  const byKey = Map.groupBy(pairs, ([key = '']) => key);
  return new Map([...byKey].map(([key, found]) => [key, found.map(([, value = '']) => value)]));
};

const secondsOf = (value: readonly string[] = []): number => Number(/^(\d+)s$/.exec(value[0] ?? '')?.[1]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-units-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What systemd has against a unit; its programs need not be installed here. */
const verify = (name: string): string => {
  const path = join(folder, name);
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n');
  chmodSync(program, 0o755);
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('/usr/bin/sluice', program));
  // The colon at the end adds the host's own units.
  const environment = { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` };
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
    encoding: 'utf8',
    env: environment,
  });
  return status === 0 ? stderr : `exit ${String(status)}: ${stderr}`;
};

requireComponents('journalctl', 'systemd-journald')('systemd', () => {
  test('has nothing against the unit', () => {
    cpSync(join(deploy, 'sluice.service'), join(folder, 'sluice.service'));
    expect(verify('sluice.service')).toBe('');
  });

  test('has nothing against the unit with its example drop-in', () => {
    cpSync(join(deploy, 'sluice.service'), join(folder, 'sluice.service'));
    cpSync(join(deploy, 'sluice.service.d'), join(folder, 'sluice.service.d'), { recursive: true });
    expect(verify('sluice.service')).toBe('');
  });

  test("has nothing against the drop-in for docker's unit", () => {
    writeFileSync(join(folder, 'docker.service'), '[Service]\nExecStart=/usr/bin/sluice\n');
    cpSync(join(deploy, 'docker.service.d'), join(folder, 'docker.service.d'), { recursive: true });
    expect(verify('docker.service')).toBe('');
  });

  test('would say so if a drop-in were wrong', () => {
    writeFileSync(join(folder, 'docker.service'), '[Service]\nExecStart=/usr/bin/sluice\n');
    mkdirSync(join(folder, 'docker.service.d'));
    writeFileSync(join(folder, 'docker.service.d/wrong.conf'), '[Service]\nLogRateLimitIntervallSec=0\n');
    expect(verify('docker.service')).toContain('LogRateLimitIntervallSec');
  });

  test('knows every setting of the drop-in for journald', () => {
    const binary = ['/lib/systemd/systemd-journald', '/usr/lib/systemd/systemd-journald'].find((path) =>
      existsSync(path),
    );
    const journald = readFileSync(binary ?? '/lib/systemd/systemd-journald', 'latin1');
    const settings = [...settingsOf(read('journald.conf.d/sluice.conf')).keys()];
    expect(settings).toContain('SystemMaxUse');
    expect(settings.filter((setting) => !journald.includes(`Journal.${setting}\0`))).toEqual([]);
  });

  test('makes the user of the unit', () => {
    mkdirSync(join(folder, 'etc'));
    const input = read('sysusers.d/sluice.conf');
    const { status, stderr } = spawnSync('systemd-sysusers', [`--root=${folder}`, '-'], { encoding: 'utf8', input });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, 'etc/passwd'), 'utf8')).toMatch(/^sluice:/m);
  });
});

describe('sluice.service', () => {
  const settings = settingsOf(read('sluice.service'));

  test('does not wait for the network to be up', () => {
    expect([...(settings.get('After') ?? []), ...(settings.get('Wants') ?? [])].join(' ')).not.toContain(
      'network-online',
    );
  });

  test('gives the agent more time to stop than it gives itself to drain', () => {
    expect(secondsOf(settings.get('TimeoutStopSec'))).toBeGreaterThan(10);
  });

  test('is not restarted for a broken configuration, and for anything else always', () => {
    expect(settings.get('RestartPreventExitStatus')).toEqual(['78']);
    expect(settings.get('Restart')).toEqual(['always']);
    expect(settings.has('ExecStartPre')).toBe(false);
  });

  test('lets Node compile while it runs', () => {
    expect(settings.has('MemoryDenyWriteExecute')).toBe(false);
  });
});
