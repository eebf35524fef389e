import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { PrivateJournald } from '../journald/private-journald.ts';

const run = promisify(execFile);

/** A client in front of the distribution's own may be too new for its daemon. */
const client = ['/usr/bin/docker'].find((path) => existsSync(path)) ?? 'docker';
const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path)) ?? 'busybox';
const imageName = 'sluice-test:1';
const applets = ['sh', 'cat', 'echo', 'head', 'printf', 'sleep', 'tr', 'true', 'wc'];

const readyWithinMs = 30_000;
const commandWithinMs = 60_000;

/** A container to run: what it does, and `docker run`'s own options. */
export interface ContainerOptions {
  readonly name: string;
  /** For `sh -c`. */
  readonly script: string;
  readonly options?: readonly string[];
}

/**
 * A dockerd of its own, with its own containerd, that logs into a private journald. Its containers have no network. Needs
 * root. Made by {@link startPrivateDockerd}.
 */
export class PrivateDockerd {
  readonly #folder: string;
  readonly #daemon: ChildProcess;
  #log = '';

  constructor(folder: string, daemon: ChildProcess) {
    this.#folder = folder;
    this.#daemon = daemon;
    daemon.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
  }

  /** The image that {@link run} uses: a static busybox. */
  readonly imageName = imageName;

  /** Runs a docker command and gives its standard output. */
  async docker(...parameters: readonly string[]): Promise<string> {
    const { stdout } = await run(client, ['-H', socketOf(this.#folder), ...parameters], { timeout: commandWithinMs });
    return stdout.trim();
  }

  /** Runs a container that logs to the journal, until it has ended; gives its full id. */
  async run({ name, script, options = [] }: ContainerOptions): Promise<string> {
    const all = ['--detach', '--network=none', '--log-driver=journald', `--name=${name}`, ...options];
    const id = await this.docker('run', ...all, imageName, 'sh', '-c', script);
    await this.docker('wait', id);
    return id;
  }

  /** Ends all containers and the daemon and removes all files; may be called twice. */
  async stop(): Promise<void> {
    if (this.#daemon.exitCode === null && this.#daemon.signalCode === null) {
      const ids = (await this.docker('ps', '--all', '--quiet')).split('\n').filter((id) => id !== '');
      if (ids.length > 0) await this.docker('rm', '--force', ...ids);
      const exited = once(this.#daemon, 'exit');
      this.#daemon.kill('SIGTERM');
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Resolves when it answers. */
  async ready(): Promise<void> {
    const deadline = Date.now() + readyWithinMs;
    while (!(await this.#answers())) {
      const isGone = this.#daemon.exitCode !== null || this.#daemon.signalCode !== null;
      if (isGone || Date.now() > deadline) throw new Error(`dockerd does not start:\n${this.#log}`);
      await delay(50);
    }
  }

  /** Makes the image, without any registry. */
  async importImage(): Promise<void> {
    const root = join(this.#folder, 'image');
    await mkdir(join(root, 'bin'), { recursive: true });
    await copyFile(busybox, join(root, 'bin/busybox'));
    await chmod(join(root, 'bin/busybox'), 0o755);
    for (const applet of applets) await symlink('busybox', join(root, 'bin', applet));
    const archive = join(this.#folder, 'image.tar');
    await run('tar', ['-C', root, '-cf', archive, '.']);
    await this.docker('import', '--change', 'ENV PATH=/bin', archive, imageName);
  }

  async #answers(): Promise<boolean> {
    return await this.docker('info').then(
      () => true,
      () => false,
    );
  }
}

const socketOf = (folder: string): string => `unix://${folder}/docker.sock`;

/** Starts a dockerd in the namespace of a private journald, so that the journald log driver writes there. */
export const startPrivateDockerd = async (journal: PrivateJournald): Promise<PrivateDockerd> => {
  const folder = await mkdtemp(join(tmpdir(), 'dockerd-'));
  const parameters = [
    `--host=${socketOf(folder)}`,
    `--data-root=${folder}/data`,
    `--exec-root=${folder}/exec`,
    `--pidfile=${folder}/docker.pid`,
    '--bridge=none',
    '--iptables=false',
    '--ip-masq=false',
    '--log-level=warn',
  ];
  const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const daemon = journal.spawn('dockerd', parameters, { stdio: ['ignore', 'ignore', 'pipe'], env: environment });
  const dockerd = new PrivateDockerd(folder, daemon);
  try {
    await dockerd.ready();
    await dockerd.importImage();
  } catch (error) {
    await dockerd.stop();
    throw error;
  }
  return dockerd;
};
