import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { agentStatusSchema } from '../../src/pipeline/status.ts';
import { ledgerReportSchema } from '../../src/pipeline/ledger-report.ts';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import { AgentRun } from '../support/agent-run.ts';
import { outcomeOf, startCommand } from '../support/command.ts';
import { requireComponents } from '../support/components.ts';
import { OnTerminal } from '../support/on-terminal.ts';
import { forOneReader } from '../support/readers.ts';
import { some } from '../support/some.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(120_000);

const maxUseBytes = 32 * 1024 ** 2;

const describeSkip = forOneReader(requireComponents('journalctl', 'systemd-journald', 'root', 'unshare', 'script'));

describeSkip('a destination that is dead', (reader) => {
  let folder: string;
  let journal: PrivateJournald;
  let service: Server;
  let isDown: boolean;
  let agent: AgentRun;

  const configure = async (): Promise<string> => {
    const address = service.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const path = join(folder, 'sluice.yaml');
    await writeFile(
      path,
      `
state: ${folder}/state
cloud_identity: off
memory: 16MiB
admin: { listen: false }
sources: { journald: { reader: ${reader}, start: beginning, max_message: 64KiB } }
destinations:
  loggly: { token: tok, endpoint: "http://127.0.0.1:${port}", batch: { max_age: 20ms }, notices: false }
`,
    );
    return path;
  };

  const sluice = async (...parameters: readonly string[]) =>
    await outcomeOf(startCommand({ parameters: [...parameters, '-c', 'sluice.yaml'], folder }));

  const status = async () => agentStatusSchema.parse(JSON.parse((await sluice('status', '-o', 'json')).out));
  const loggly = async () =>
    some(ledgerReportSchema.parse(JSON.parse((await sluice('ledger', '-o', 'json')).out)).destinations[0]);

  beforeEach(async () => {
    isDown = true;
    folder = await mkdtemp(join(tmpdir(), 'sluice-skip-'));
    service = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(isDown ? 503 : 200).end('{"response":"ok"}'));
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    journal = await startPrivateJournald({
      settings: { SystemMaxUse: String(maxUseBytes), SystemMaxFileSize: '4M' },
    });
    await journal.send(
      Array.from({ length: 20_000 }, (_, index) => ({ MESSAGE: `line ${index} ${'x'.repeat(100)}`, TAG: 'test' })),
    );
    await journal.sync();
    agent = new AgentRun(await configure(), { spawn: (...all) => journal.spawn(...all) });
    await agent.says(/sluice runs/);
  });

  afterEach(async () => {
    await agent.end('SIGKILL');
    await journal.stop();
    service.closeAllConnections();
    service.close();
    await rm(folder, { recursive: true });
  });

  test('shows when lines are lost to it, and is freed of its backlog by a skip that says how to undo it', async () => {
    await agent.until('refuses', async () => (await status()).destinations[0]?.condition.state === 'retrying');
    await agent.until('knows its queue', async () => (await status()).queue !== undefined);
    const { queue, source } = await status();
    expect(queue).toMatchObject({ persistent: true, maxBytes: maxUseBytes });
    expect(source.gapDetection.state).toBe('on');

    const before = await loggly();
    expect(before.balance.pending).toBeGreaterThan(0);
    expect(await sluice('skip', '--to', 'loggly', '--until', 'now')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--yes'),
    });
    expect(await sluice('skip', '--to', 'nowhere', '--until', 'now', '--yes')).toMatchObject({ code: 1 });
    expect(await sluice('skip', '--to', 'loggly', '--until', 'soon', '--yes')).toMatchObject({ code: 2 });
    const future = new Date(Date.now() + 3_600_000).toISOString();
    expect(await sluice('skip', '--to', 'loggly', '--until', future, '--yes')).toMatchObject({ code: 1 });
    expect(await sluice('skip', '--to', 'loggly', '--until', '2020-01-01T00:00:00Z', '--yes')).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('no line that was received until'),
    });
    expect((await loggly()).balance).toEqual(before.balance);

    const { out, err, code } = await sluice('skip', '--to', 'loggly', '--until', 'now', '--yes');
    expect(code).toBe(0);
    expect(err).toMatch(/^loggly: [\d,]+ lines in the agent, [\d,]+ yet to be read .* the oldest line waits since /);
    expect(out).toMatch(/^[\d,]+ lines of loggly dropped; /);
    expect(out).toMatch(/\n {2}sluice replay -c sluice\.yaml --to loggly --since \S+Z --until \S+Z\n$/);
    isDown = false;
    await agent.until('emptied its backlog', async () => {
      const { balance } = await loggly();
      return balance.read >= 20_000 && balance.pending === 0;
    });
    const { balance, unexplained } = await loggly();
    expect(unexplained).toBe(0);
    expect(balance.dropped['skipped by operator']).toBe(balance.read - balance.delivered);
    // What was on its way when it was given up may have been delivered.
    expect(balance.delivered).toBeLessThan(balance.read / 2);
    expect(agent.stderr).toContain('an operator skips lines');
  });

  test('keeps its lines when the one who is asked says no', async () => {
    await agent.until('refuses', async () => (await status()).destinations[0]?.condition.state === 'retrying');
    const { balance } = await loggly();
    const terminal = new OnTerminal(folder, 'skip --to loggly --until now -c sluice.yaml');
    await terminal.shows(/Drop what was received until .*\? \[y\/N\] /);
    terminal.type('n\n');
    await terminal.shows(/ended with 1/);
    await terminal.close();
    expect((await loggly()).balance.dropped).toEqual(balance.dropped);
  });
});
