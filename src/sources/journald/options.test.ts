import { describe, expect, test } from '@jest/globals';
import { journaldOptions, machinesOf } from './options.ts';

describe('the journald section', () => {
  test('reads the last hour of this host when nothing is said', () => {
    const options = journaldOptions.parse({});
    expect(options).toEqual({
      start: { kind: 'ago', ms: 3_600_000 },
      reader: 'journalctl',
      match: [],
      fields: [],
      max_message: 1_048_576,
    });
    expect(machinesOf(options)).toBe('own');
  });

  test('takes all machines of a folder', () => {
    expect(machinesOf(journaldOptions.parse({ directory: '/var/log/journal/remote' }))).toBe('all');
    expect(machinesOf(journaldOptions.parse({ directory: '/var/log/journal', machines: 'own' }))).toBe('own');
  });

  test.each([
    { start: '20 lines' },
    { directory: '/var/log/journal' },
    { namespace: 'web' },
    { namespace: '+web' },
    { namespace: '*' },
    { match: ['_SYSTEMD_UNIT=docker.service', 'PRIORITY=3'] },
    { fields: 'all' },
    { fields: ['MY_FIELD', '_EXE'] },
    { max_message: '16MiB' },
  ])('takes %j', (section) => {
    expect(journaldOptions.safeParse(section).success).toBe(true);
  });

  test.each([
    { start: 'yesterday' },
    { reader: 'libsystemd' },
    { directory: 'var/log' },
    { directory: '/a\0b' },
    { namespace: '--file=/etc/shadow' },
    { namespace: '../x' },
    { match: ['--file=/etc/shadow'] },
    { match: ['/usr/bin/env'] },
    { match: ['lower=1'] },
    { fields: ['my_field'] },
    { fields: ['A,B'] },
    { max_message: '17MiB' },
    { max_message: '1023B' },
    { unknown: 1 },
  ])('refuses %j', (section) => {
    expect(journaldOptions.safeParse(section).success).toBe(false);
  });
});
