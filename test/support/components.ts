import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface Component {
  readonly isPresent: () => boolean;
  /** What brings it. */
  readonly remedy: string;
}

const isExecutable = (name: string): boolean =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .concat('/lib/systemd', '/usr/lib/systemd', '/usr/sbin')
    .some((folder) => existsSync(join(folder, name)));

const program = (name: string, debianPackage: string): Component => ({
  isPresent: () => isExecutable(name),
  remedy: `apt-get install ${debianPackage}`,
});

/** Whether mount namespaces may be made; containers often forbid it even to root. */
const canUnshare = (): boolean => spawnSync('unshare', ['--mount', 'true'], { stdio: 'ignore' }).status === 0;

const components = {
  journalctl: program('journalctl', 'systemd'),
  'systemd-journald': program('systemd-journald', 'systemd'),
  'systemd-journal-remote': program('systemd-journal-remote', 'systemd-journal-remote'),
  dockerd: program('dockerd', 'docker.io'),
  busybox: program('busybox', 'busybox-static'),
  script: program('script', 'bsdutils'),
  root: { isPresent: () => process.getuid?.() === 0, remedy: 'run the tests as root' },
  unshare: { isPresent: canUnshare, remedy: 'run the tests as root where mount namespaces are allowed' },
} satisfies Readonly<Record<string, Component>>;

export type ComponentName = keyof typeof components;

/** A suite that did not run; one JSON object per line of the file that `SLUICE_NOT_RUN` names. */
export interface NotRun {
  readonly suite: string;
  readonly missing: readonly ComponentName[];
  readonly remedy: string;
}

type DescribeSuite = (suite: string, body: () => void) => void;

const say = (notRun: NotRun): void => {
  process.stderr.write(`NOT RUN: ${notRun.suite}: no ${notRun.missing.join(', ')} (${notRun.remedy})\n`);
  const file = process.env['SLUICE_NOT_RUN'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(notRun)}\n`);
};

const run: DescribeSuite = describe;
const leaveOut: DescribeSuite = describe.skip;

const fail = ({ suite, missing, remedy }: NotRun): void => {
  run(suite, () => {
    test('has what it needs', () => {
      expect({ missing, remedy }).toEqual({ missing: [], remedy });
    });
  });
};

/**
 * A `describe` for suites that need parts of the system. Where one is missing the suite is left out, said aloud and
 * noted in the file that `SLUICE_NOT_RUN` names; with `CI` set it fails instead.
 */
export const requireComponents = (...names: readonly ComponentName[]): DescribeSuite => {
  const missing = names.filter((name) => !components[name].isPresent());
  if (missing.length === 0) return run;
  const remedy = [...new Set(missing.map((name) => components[name].remedy))].join('; ');
  return (suite, body) => {
    const notRun: NotRun = { suite, missing, remedy };
    if ((process.env['CI'] ?? '') !== '') {
      fail(notRun);
      return;
    }
    say(notRun);
    leaveOut(suite, body);
  };
};
