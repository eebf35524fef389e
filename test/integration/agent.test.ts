import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedPortUrl, type FakeServer } from '../fakes/http/fake-server.ts';
import { startFakeLoggly } from '../fakes/loggly.ts';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import { AgentRun, type AgentRunOptions } from '../support/agent-run.ts';
import { requireComponents } from '../support/components.ts';
import { forEachReader } from '../support/readers.ts';
import { readShipped } from '../support/shipped-file.ts';

jest.setTimeout(60_000);

const describeAgent = forEachReader(requireComponents('journalctl', 'systemd-journald', 'root', 'unshare'));

const numbered = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, index) => `line ${from + index}`);

const logglyDestination = (endpoint: string): string =>
  `  loggly: { endpoint: '${endpoint}', token: t, timeout: 2s, batch: { max_age: 50ms }, drain: 200ms }`;

describeAgent('sluice run', (reader) => {
  let journal: PrivateJournald;
  let folder: string;
  let state: string;
  let runs: AgentRun[] = [];
  let services: FakeServer[] = [];

  beforeAll(async () => {
    journal = await startPrivateJournald();
    await journal.log(numbered(10), 'app');
    await journal.sync();
  });

  afterAll(async () => {
    await journal?.stop();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-agent-'));
    state = join(folder, 'state');
  });

  afterEach(async () => {
    await Promise.all(runs.map((run) => run.end('SIGKILL')));
    await Promise.all(services.map((service) => service.close()));
    runs = [];
    services = [];
    await rm(folder, { recursive: true, force: true });
  });

  const fileDestination = (name = 'file'): string =>
    `  ${name}: { type: file, path: '${folder}/${name}.ndjson', batch: { max_age: 50ms } }`;

  const configuration = (destinations: readonly string[], more = `admin: { listen: '127.0.0.1:0' }`): string => `
sources: { journald: { directory: '${journal.directory}', reader: ${reader}, start: beginning } }
state: ${state}
cloud_identity: off
${more}
destinations:
${destinations.join('\n')}
`;

  const start = async (text: string, options?: AgentRunOptions): Promise<AgentRun> => {
    const file = join(folder, 'sluice.yaml');
    await writeFile(file, text);
    const run = new AgentRun(file, options);
    runs.push(run);
    return run;
  };

  const startLoggly = async (): Promise<FakeServer> => {
    const loggly = await startFakeLoggly('t');
    services.push(loggly);
    return loggly;
  };

  /** Where mounts are the test's own; the journal is there as this host's. */
  const inNamespace: AgentRunOptions = {
    spawn: (program, parameters, options) => journal.spawn(program, parameters, options),
  };

  const shippedTo = async (name = 'file'): Promise<readonly string[]> => {
    const events = await readShipped(join(folder, `${name}.ndjson`));
    return events.filter(({ info }) => info['identifier'] === 'app').map(({ message }) => message);
  };

  /** What is in the journal when a test begins depends on the tests before; it begins with these. */
  const firstShippedTo = async (name = 'file'): Promise<readonly string[]> => (await shippedTo(name)).slice(0, 10);

  const shipped = async (run: AgentRun, message: string, name = 'file'): Promise<void> => {
    await run.until(`shipped ${message}`, async () => (await shippedTo(name)).includes(message));
  };

  const checkpointOf = (name: string): string => join(state, 'checkpoints', `${name}.json`);

  test('ends with 0 on SIGTERM, and what it read is shipped', async () => {
    const run = await start(configuration([fileDestination()]));
    await run.says(/sluice runs/);
    await shipped(run, 'line 9');
    expect(await run.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await firstShippedTo()).toEqual(numbered(10));
    expect(run.stderr).not.toContain('lines wait');
  });

  test('says on SIGTERM how many lines wait for a destination that is dead', async () => {
    const run = await start(configuration([fileDestination(), logglyDestination(await closedPortUrl())]));
    await shipped(run, 'line 9');
    await run.says(/"component":"loggly".*destination refuses/);
    expect(await run.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const [, pending] = /"destination":"loggly","pending":(\d+),"message":"lines wait/.exec(run.stderr) ?? [];
    expect(Number(pending)).toBeGreaterThanOrEqual(10);
  });

  test('delivers after a restart what waited', async () => {
    const loggly = await startLoggly();
    const dead = await start(configuration([logglyDestination(await closedPortUrl())]));
    await dead.says(/destination refuses/);
    await dead.end('SIGTERM');
    const run = await start(configuration([logglyDestination(loggly.url)]));
    await run.until('delivered', () => loggly.received.some(({ text }) => text.includes('line 9')));
    await run.end('SIGTERM');
    const numbers = loggly.received.flatMap(({ text }) => /"line \d+"/.exec(text) ?? []);
    expect(numbers.slice(0, 10)).toEqual(numbered(10).map((line) => `"${line}"`));
  });

  test('is alone on its state directory', async () => {
    const first = await start(configuration([fileDestination()]));
    await first.says(/sluice runs/);
    const second = await start(configuration([fileDestination()]));
    expect(await second.exited()).toEqual({ code: 69, signal: null });
    expect(second.stderr).toBe(
      `sluice: another sluice (pid ${first.pid}) uses the state directory ${state}; stop it first\n`,
    );
    expect(first.isRunning).toBe(true);
  });

  test('takes over the state directory of one that was killed', async () => {
    const first = await start(configuration([fileDestination()]));
    await first.says(/sluice runs/);
    await first.end('SIGKILL');
    const second = await start(configuration([fileDestination()]));
    await second.says(/sluice runs/);
    expect(second.isRunning).toBe(true);
  });

  test('sets a corrupt checkpoint aside, says so, and begins anew', async () => {
    await mkdir(join(state, 'checkpoints'), { recursive: true });
    await writeFile(checkpointOf('file'), '{"format":1,"checksum":"sha256:0","checkpoint":{"desti');
    const run = await start(configuration([fileDestination()]));
    await shipped(run, 'line 9');
    expect(await firstShippedTo()).toEqual(numbered(10));
    const aside = (await readdir(join(state, 'checkpoints'))).find((name) => name.includes('damaged'));
    expect(run.stderr).toContain('checkpoint set aside, beginning anew: it is not JSON');
    expect(run.stderr).toContain(`"movedTo":"${state}/checkpoints/${aside}"`);
  });

  test('sets the checkpoint of another destination aside', async () => {
    const first = await start(configuration([fileDestination('one')]));
    await shipped(first, 'line 9', 'one');
    await first.end('SIGTERM');
    await cp(checkpointOf('one'), checkpointOf('two'));
    const run = await start(configuration([fileDestination('two')]));
    await shipped(run, 'line 9', 'two');
    expect(await firstShippedTo('two')).toEqual(numbered(10));
    expect(run.stderr).toContain(String.raw`beginning anew: it belongs to destination \"one\"`);
  });

  test('refuses the checkpoint of a newer version and leaves it as it is', async () => {
    const newer = '{"format":7,"checkpoint":{}}\n';
    await mkdir(join(state, 'checkpoints'), { recursive: true });
    await writeFile(checkpointOf('two'), newer);
    const run = await start(configuration([fileDestination('one'), fileDestination('two')]));
    expect(await run.exited()).toEqual({ code: 74, signal: null });
    expect(run.stderr).toBe(
      `sluice: checkpoint ${checkpointOf('two')} is from a newer sluice: it has format 7; this version reads up to 1. Run that version again\n`,
    );
    expect(await readFile(checkpointOf('two'), 'utf8')).toBe(newer);
  });

  test('says which state directory it can not write', async () => {
    await mkdir(state);
    await journal.exec('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', state]);
    try {
      const run = await start(configuration([fileDestination()]), inNamespace);
      expect(await run.exited()).toEqual({ code: 74, signal: null });
      expect(run.stderr).toContain(state);
      expect(run.stderr).toMatch(/EROFS|read-only/);
      expect(run.stderr.trim().split('\n')).toHaveLength(1);
    } finally {
      await journal.exec('umount', [state]);
    }
  });

  test('ships on while its disk is full, says so, and saves its checkpoint when there is room again', async () => {
    await mkdir(state);
    await journal.exec('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', state]);
    try {
      const run = await start(configuration([fileDestination()]), inNamespace);
      await shipped(run, 'line 9');
      await run.until('saved', async () => (await run.status()).ready);
      // dd ends with an error: that is when the disk is full.
      await journal.exec('sh', ['-c', `dd if=/dev/zero of=${state}/filler bs=4k 2>/dev/null || true`]);
      await journal.log(numbered(5, 10), 'app');
      await shipped(run, 'line 14');
      await run.says(/"level":"error".*checkpoint can't be saved.*ENOSPC/);
      await run.until('complained', async () => !(await run.status()).ready);
      await journal.exec('rm', [`${state}/filler`]);
      await journal.log(['line 15'], 'app');
      await run.says(/checkpoints are saved again/);
      expect((await run.status()).problems).toEqual([]);
      expect(await run.end('SIGTERM')).toEqual({ code: 0, signal: null });
    } finally {
      await journal.exec('umount', [state]);
    }
  });

  test('ships to all but the destination whose secret is missing, and shows that one', async () => {
    const denied = `  loggly: { token: '\${SLUICE_TEST_NO_TOKEN}' }`;
    const run = await start(configuration([fileDestination(), denied]));
    await run.says(/"level":"error".*"destination":"loggly".*SLUICE_TEST_NO_TOKEN/);
    await shipped(run, 'line 9');
    expect(await firstShippedTo()).toEqual(numbered(10));
  });

  test('a busy port of the health page is a warning', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const run = await start(configuration([fileDestination()], `admin: { listen: '127.0.0.1:${port}' }`));
    await run.says(new RegExp(`"level":"warn".*no health page: 127.0.0.1:${port} is in use`));
    await shipped(run, 'line 9');
    server.close();
    expect(await firstShippedTo()).toEqual(numbered(10));
  });

  test('shows where the YAML is broken, and ends with the code that systemd does not restart', async () => {
    const run = await start('destinations:\n  file: { path: "x\n');
    expect(await run.exited()).toEqual({ code: 78, signal: null });
    expect(run.stderr).toMatch(/sluice\.yaml:\d+:\d+/);
    expect(run.stderr).toMatch(/^[ |]*\^/m);
  });

  test('says in a sentence that there is no journal', async () => {
    const text = configuration([fileDestination()]).replace(journal.directory, `${folder}/nothing`);
    const run = await start(text);
    expect(await run.exited()).toEqual({ code: 69, signal: null });
    expect(run.stderr).toMatch(/^sluice: [^\n]*\/nothing[^\n]*sources\.journald\.directory[^\n]*\n$/);
  });

  test('is not confused by a file beside its checkpoints', async () => {
    await mkdir(join(state, 'checkpoints'), { recursive: true });
    await appendFile(join(state, 'checkpoints', 'file.json.tmp-1-2'), 'half');
    const run = await start(configuration([fileDestination()]));
    await shipped(run, 'line 9');
    expect(await firstShippedTo()).toEqual(numbered(10));
  });

  test('a destination that never answers delays no other, whatever the memory', async () => {
    const count = 20_000;
    const loggly = await startLoggly();
    loggly.chaos({ random: Math.random, rate: 1, faults: [{ kind: 'hang' }] });
    const run = await start(
      configuration(
        [fileDestination(), logglyDestination(loggly.url)],
        `admin: { listen: '127.0.0.1:0' }\nmemory: 64MiB`,
      ),
    );
    await shipped(run, 'line 9');
    await journal.log(numbered(count, 100), 'app');
    await shipped(run, `line ${count + 99}`);
    expect((await shippedTo()).slice(-count)).toEqual(numbered(count, 100));
    expect(loggly.received).toEqual([]);

    loggly.chaos(undefined);
    await run.until('delivered to both', () =>
      loggly.received.some(({ text }) => text.includes(`"line ${count + 99}"`)),
    );
    const numbers = loggly.received.flatMap(({ text }) => /"(line \d+)"/.exec(text)?.[1] ?? []);
    expect(numbers.slice(-count)).toEqual(numbered(count, 100));
    await run.end('SIGTERM');
  });
});
