// Plain JavaScript on purpose: whatever Node (>= 20) the host has runs this file, which then finds a Node that runs the
// TypeScript: the one that the project brings, else the host's own where that is new enough.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Oldest Node that runs the project: types are stripped since 23.6, HTTP agents take `proxyEnv` since 24.5. */
const oldest = [24, 5];
const project = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...parameters] = process.argv.slice(2);

const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
};

/** A binary may be there and yet not start: musl, no libatomic1, another kernel. */
const versionOf = (node) => {
  const probe = spawnSync(node, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return probe.status === 0 ? probe.stdout.trim() : undefined;
};

const findNode = () => {
  const brought = join(project, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(brought) && versionOf(brought) !== undefined) return brought;
  return isNewEnough(process.version) ? process.execPath : undefined;
};

const node = findNode();
if (node === undefined) {
  process.stderr.write(
    `sluice needs Node ${oldest.join('.')} or newer and this is ${process.version}; the Node it brings does not start here. ` +
      `Install a current Node, or on a minimal Debian the package libatomic1, and run "npm ci" again.\n`,
  );
  process.exit(69);
}

// A path is meant from the project's folder; a flag (`--experimental-vm-modules`) goes to Node as it is.
const program = script.startsWith('-') ? [script] : [join(project, script)];
// Threads that help the garbage collector. Node takes four on any host; where these are more than the cores, the main thread
// waits for them, or for a core (measured on two: the longest turn of the event loop took 45 ms instead of 30).
const flags = ['--v8-pool-size=2'];
// The channel tells the child when this process is killed, so that no agent runs on unseen.
const child = spawn(node, [...flags, ...program, ...parameters], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  // Stripping types and compiling takes most of the start. Where the folder can't be written to, Node goes without.
  env: { NODE_COMPILE_CACHE: join(project, 'node_modules/.cache/sluice'), ...process.env },
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`sluice: ${node} can't be started: ${error.message}\n`);
  process.exit(69);
});
child.on('exit', (code, signal) => {
  process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
});
