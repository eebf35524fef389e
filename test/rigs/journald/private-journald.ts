import { type ChildProcess, execFile, spawn, type SpawnOptions } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type NativeEntry, NativeJournalSocket } from './native-socket.ts';

export interface PrivateJournaldOptions {
  /** True (default): files below /var/log/journal; false: in memory, below /run/log/journal. */
  readonly persistent?: boolean;
  /** More lines of journald.conf's section [Journal], as `{ SystemMaxUse: '8M' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

const run = promisify(execFile);
const enterNamespace = join(import.meta.dirname, 'enter-namespace.sh');
/** Undefined where there is none. */
export const journaldPath = ['/lib/systemd/systemd-journald', '/usr/lib/systemd/systemd-journald'].find(existsSync);
const maxOutputBytes = 1024 ** 3;

const newId = (): string => randomUUID().replaceAll('-', '');

/** Tries until it is true, for things that only another process knows. */
const until = async (what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`waited too long: ${what}`);
    await delay(20);
  }
};

const configuration = ({ persistent = true, settings = {} }: PrivateJournaldOptions): string => {
  const all = {
    Storage: persistent ? 'persistent' : 'volatile',
    SystemMaxUse: '1G',
    RuntimeMaxUse: '200M',
    RateLimitIntervalSec: '0',
    RateLimitBurst: '0',
    ReadKMsg: 'no',
    Audit: 'no',
    ForwardToSyslog: 'no',
    ForwardToWall: 'no',
    ...settings,
  };
  return ['[Journal]', ...Object.entries(all).map(([key, value]) => `${key}=${value}`), ''].join('\n');
};

/** Resolves when `child` has printed its first line. */
const firstLine = async (child: ChildProcess): Promise<void> => {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`no namespace for a private journald: ${stderr}`)));
  });
};

/**
 * A systemd-journald of its own in a mount namespace of its own, with its own machine and boot id; needs root, not a
 * systemd as process 1. It ends with the process that started it, however that ends. What is to log there through the
 * usual paths (dockerd, logger, systemd-cat) runs by `exec` or `spawn`. Made by {@link startPrivateJournald}.
 */
export class PrivateJournald {
  readonly machineId: string;
  /** The journal's files, as seen from outside; empty unless persistent. */
  readonly directory: string;
  /** A journalctl for outside callers that sees this journal as its host's. */
  readonly journalctlPath: string;
  readonly #folder: string;
  readonly #namespace: ChildProcess;
  readonly #persistent: boolean;
  #journald: ChildProcess | undefined;
  #socket: NativeJournalSocket | undefined;

  constructor(folder: string, machineId: string, namespace: ChildProcess, persistent: boolean) {
    this.machineId = machineId;
    this.directory = join(folder, 'journal');
    this.journalctlPath = join(folder, 'journalctl');
    this.#folder = folder;
    this.#namespace = namespace;
    this.#persistent = persistent;
  }

  /** Path of a file of the namespace, for callers outside. */
  path(inside: string): string {
    return `/proc/${this.#namespace.pid}/root${inside}`;
  }

  /** Runs a command in the namespace and rejects when it fails. */
  async exec(command: string, parameters: readonly string[]): Promise<CommandResult> {
    const [program, ...all] = this.#inside(command, parameters);
    return await run(program ?? '', all, { maxBuffer: maxOutputBytes });
  }

  /** Starts a command in the namespace; it is killed when this process dies. */
  spawn(command: string, parameters: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const all = ['--pdeathsig', 'KILL', ...this.#inside(command, parameters)];
    return spawn('setpriv', all, options);
  }

  /** Sends entries with any fields, in order. The socket is read by journald as fast as it can: some 20,000 a second. */
  async send(entries: Iterable<NativeEntry>): Promise<void> {
    this.#socket ??= new NativeJournalSocket(this.path('/run/systemd/journal/socket'));
    for (const entry of entries) await this.#socket.send(entry);
  }

  /** Logs lines as a service's standard output does; what journald makes of a line it decides itself. */
  async log(lines: Iterable<string>, identifier = 'test'): Promise<void> {
    const path = this.path('/run/systemd/journal/stdout');
    // journald shuts its side down; without half-open the socket would end before all is written.
    const socket = connect({ path, allowHalfOpen: true });
    const closed = once(socket, 'close');
    socket.resume().write(`${identifier}\n\n6\n1\n0\n0\n0\n`);
    for (const line of lines) if (!socket.write(`${line}\n`)) await once(socket, 'drain');
    socket.end();
    await closed;
  }

  /** Starts a new journal file; the old one is archived. */
  async rotate(): Promise<void> {
    await this.exec('journalctl', ['--rotate']);
  }

  /** Waits until what journald has taken is on disk. */
  async sync(): Promise<void> {
    await this.exec('journalctl', ['--sync']);
  }

  /** Removes archived files, oldest first, until `files` files are left. */
  async vacuum(files: number): Promise<void> {
    await this.exec('journalctl', [`--vacuum-files=${files}`]);
  }

  /** Starts journald, after {@link kill} or {@link terminate}; {@link startPrivateJournald} has done it once. */
  async start(): Promise<void> {
    // Without systemd as process 1 nobody else tells journald that it may write to /var.
    if (this.#persistent) await writeFile(this.path('/run/systemd/journal/flushed'), '');
    await rm(this.path('/run/systemd/journal/socket'), { force: true });
    this.#journald = this.spawn(journaldPath ?? '', [], { stdio: 'ignore' });
    await until('journald answers', async () => {
      if (!existsSync(this.path('/run/systemd/journal/socket'))) return false;
      return await this.sync().then(
        () => true,
        () => false,
      );
    });
  }

  /** Ends journald cleanly. */
  async terminate(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Kills journald with SIGKILL; its files stay as they are. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.terminate();
    await this.start();
  }

  /** Restarts journald under a new boot id. What `between` does happens while it is down. */
  async reboot(between: () => Promise<void> = async () => {}): Promise<void> {
    await this.kill();
    await between();
    await writeFile(join(this.#folder, 'boot-id'), `${randomUUID()}\n`);
    await this.start();
  }

  /** Ends all and removes all files; may be called twice. */
  async stop(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
    await this.#end('SIGTERM');
    if (this.#namespace.exitCode === null) {
      const exited = once(this.#namespace, 'exit');
      this.#namespace.stdin?.end();
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #inside(command: string, parameters: readonly string[]): readonly string[] {
    return ['nsenter', `--mount=/proc/${this.#namespace.pid}/ns/mnt`, '--', command, ...parameters];
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const journald = this.#journald;
    this.#journald = undefined;
    if (journald === undefined || journald.exitCode !== null || journald.signalCode !== null) return;
    const exited = once(journald, 'exit');
    journald.kill(signal);
    await exited;
  }
}

/** Starts a journald of one's own and resolves when it takes entries. */
export const startPrivateJournald = async (options: PrivateJournaldOptions = {}): Promise<PrivateJournald> => {
  const folder = await mkdtemp(join(tmpdir(), 'journald-'));
  const machineId = newId();
  await Promise.all(['run', 'journal'].map(async (name) => await mkdir(join(folder, name))));
  await writeFile(join(folder, 'journald.conf'), configuration(options));
  await writeFile(join(folder, 'machine-id'), `${machineId}\n`);
  await writeFile(join(folder, 'boot-id'), `${randomUUID()}\n`);
  const namespace = spawn('unshare', ['--mount', '--propagation', 'slave', 'sh', enterNamespace, folder]);
  await firstLine(namespace);
  const enter = `#!/bin/sh\nexec nsenter --mount=/proc/${namespace.pid}/ns/mnt -- journalctl "$@"\n`;
  const journal = new PrivateJournald(folder, machineId, namespace, options.persistent ?? true);
  await writeFile(journal.journalctlPath, enter);
  await chmod(journal.journalctlPath, 0o755);
  await journal.start();
  return journal;
};
