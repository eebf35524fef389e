import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeServer } from '../fakes/http/fake-server.ts';
import { startFakeLoggly } from '../fakes/loggly.ts';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import { AgentRun } from '../support/agent-run.ts';
import { outcomeOf, startCommand } from '../support/command.ts';
import { requireComponents } from '../support/components.ts';
import { forOneReader } from '../support/readers.ts';
import { OnTerminal } from '../support/on-terminal.ts';
import { some } from '../support/some.ts';

jest.setTimeout(60_000);

const describeReplay = forOneReader(requireComponents('journalctl', 'systemd-journald', 'root', 'unshare'));

const dockerdPath = join(import.meta.dirname, '../rigs/journald/log-as-dockerd.ts');

const lines = 60;

const numbered = (word: string): readonly string[] => Array.from({ length: lines }, (_, index) => `${word} ${index}`);

describeReplay('sluice replay', (reader) => {
  let journal: PrivateJournald;
  let folder: string;
  let loggly: FakeServer;
  let agent: AgentRun;

  beforeAll(async () => {
    journal = await startPrivateJournald();
    await logAsContainer('app', numbered('first'));
    await logAsContainer('other', numbered('other'));
    await logAsContainer('app', ['the end']);
  });

  /** As dockerd logs what a container prints. */
  const logAsContainer = async (name: string, messages: readonly string[]): Promise<void> => {
    const dockerd = journal.spawn(process.execPath, [dockerdPath], { stdio: ['pipe', 'ignore', 'inherit'] });
    const ended = once(dockerd, 'exit');
    const id = { CONTAINER_NAME: name, CONTAINER_ID_FULL: Buffer.from(name.padEnd(32, '.')).toString('hex') };
    const entries = messages.map((message) => JSON.stringify({ MESSAGE: message, PRIORITY: '6', ...id }));
    dockerd.stdin?.end(`${entries.join('\n')}\n`);
    expect(await ended).toEqual([0, null]);
    await journal.sync();
  };

  afterAll(async () => {
    await journal?.stop();
  });

  const received = (word: string): readonly string[] =>
    loggly.received.flatMap(({ text }) => new RegExp(`"(${word} \\d+)"`).exec(text)?.[1] ?? []);

  const idsOfFirst = (): readonly (string | undefined)[] =>
    loggly.received.flatMap(({ text, id }) => (text.includes('"first ') ? [id] : []));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-replay-'));
    loggly = await startFakeLoggly('t');
    await writeFile(
      join(folder, 'sluice.yaml'),
      `
sources: { journald: { directory: '${journal.directory}', reader: ${reader}, start: beginning } }
state: ${folder}/state
cloud_identity: off
admin: { listen: '127.0.0.1:0' }
destinations:
  loggly: { endpoint: '${loggly.url}', token: t, batch: { max_age: 20ms } }
`,
    );
    agent = new AgentRun(join(folder, 'sluice.yaml'));
    await agent.until('shipped all', () => loggly.received.some(({ text }) => text.includes('the end')));
    await agent.until('settled all', async () => (await agent.status()).destinations[0]?.balance.pending === 0);
  });

  afterEach(async () => {
    await agent.end('SIGKILL');
    await loggly.close();
    await rm(folder, { recursive: true, force: true });
  });

  const begin = (...parameters: readonly string[]) =>
    startCommand({ parameters: ['replay', '-c', 'sluice.yaml', '--to', 'loggly', ...parameters], folder });

  const status = async (): Promise<string> => {
    const { out } = await outcomeOf(startCommand({ parameters: ['status', '-c', 'sluice.yaml'], folder }));
    return out;
  };

  const replay = async (...parameters: readonly string[]) => await outcomeOf(begin(...parameters));

  test('sends the lines of a service once more, with their ids, and leaves the ledger alone', async () => {
    const before = await agent.status();
    const { out, err, code } = await replay('--since', '1h', '--service', 'app', '--yes', '-o', 'json');
    expect({ err, code }).toMatchObject({
      err: expect.stringContaining('replay to loggly: the lines of app'),
      code: 0,
    });
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'complete',
      progress: { read: lines + 1, delivered: lines + 1, dropped: {}, pending: 0, share: 1 },
    });
    expect(received('first')).toEqual([...numbered('first'), ...numbered('first')]);
    expect(received('other')).toEqual(numbered('other'));
    expect(idsOfFirst().slice(lines)).toEqual(idsOfFirst().slice(0, lines));
    const after = await agent.status();
    expect(after.destinations[0]?.unexplained).toBe(0);
    expect(after.destinations[0]?.balance).toEqual(before.destinations[0]?.balance);
  });

  test('tells in a dry run what it would send, and sends nothing', async () => {
    const { out, code } = await replay('--since', '1h', '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^service +lines +billed\n(?:.*\n)*app +61 +\d.*\n/);
    expect(out).toMatch(/\ndry run complete, /);
    expect(received('first')).toEqual(numbered('first'));
  });

  test('is canceled by ^C, and says what was done', async () => {
    const child = begin('--since', '1h', '--rate', '10/s', '--yes');
    const ending = outcomeOf(child);
    await agent.until('sent a part', () => received('first').length > lines + 10);
    child.kill('SIGINT');
    const { out, code } = await ending;
    expect(code).toBe(1);
    expect(out).toMatch(/^read \d+ = delivered [1-9]\d* .*\nreplay CANCELED, /);
    expect(received('first').length).toBeLessThan(2 * lines);
    expect((await replay('--since', '1h', '--dry-run')).code).toBe(0);
  });

  test('ends when nobody listens any more, and is told in the status until then', async () => {
    const child = begin('--since', '1h', '--rate', '10/s', '--yes');
    const ending = outcomeOf(child);
    await agent.until('sent a part', () => received('first').length > lines);
    expect(await status()).toMatch(/replay to loggly at [\d,]+\/s: \d+ %, read /);
    child.kill('SIGKILL');
    await ending;
    await agent.says(/"component":"loggly \(replay\)".*replay ended/);
    expect(await status()).not.toContain('replay to loggly');
  });

  test('does not outlive its agent, and says so', async () => {
    const ending = replay('--since', '1h', '--rate', '10/s', '--yes');
    await agent.until('sent a part', () => received('first').length > lines);
    await agent.end('SIGTERM');
    const { out, err, code } = await ending;
    expect(code).toBe(1);
    expect(`${out}${err}`).toMatch(/the agent (?:stops|is gone)/);
  });

  test('says what is wrong with what was asked for', async () => {
    const asked = [
      [['--since', 'soon', '--yes'], 2, '--since soon: expected 2h'],
      [['--since', '1h', '--until', '2h', '--yes'], 2, '--since 1h is later than --until 2h'],
      [['--since', '1h', '--rate', '0/s', '--yes'], 2, '--rate 0/s: expected lines per second'],
      [['--since', '1h'], 2, 'nobody can be asked here: say --yes'],
      [['--since', '3d', '--until', '2d', '--yes'], 1, 'the journal no longer holds anything of the span'],
      [['--since', '1h', '--to', 'nowhere', '--yes'], 1, 'there is no destination "nowhere"; there is: loggly'],
    ] as const;
    for (const [parameters, exitCode, message] of asked) {
      const { err, code } = await replay(...parameters);
      expect({ code, err }).toEqual({ code: exitCode, err: expect.stringContaining(message) });
    }
    expect((await replay('--since', '1d', '--dry-run')).err).toContain('what was logged before is gone');
  });

  test('asks on a terminal, and shows there in one line how far it is', async () => {
    const terminal = new OnTerminal(folder, 'replay -c sluice.yaml --to loggly --since 1h --rate 20/s');
    try {
      await terminal.shows(/Send these lines to loggly once more\? \[y\/N\]/);
      expect(received('first')).toHaveLength(lines);
      terminal.type('y\n');
      const [shown] = await terminal.shows(/\d+ %, read \d+[^\n]*\r[^\n]*\d+ %, read/);
      expect(some(shown)).toMatch(/left|not known/);
      await terminal.shows(/replay complete, .*ended with 0/s);
    } finally {
      await terminal.close();
    }
  });
});
