import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mainPath, outcomeOf } from '../support/command.ts';
import { requireComponents } from '../support/components.ts';
import { SampleAgent } from '../support/sample-agent.ts';

let agent: SampleAgent;

beforeAll(async () => {
  agent = new SampleAgent();
  agent.configure('elsewhere.yaml', '  loggly: { token: "${TOKEN}" }\n');
  writeFileSync(join(agent.folder, 'other-state.yaml'), 'state: other\ndestinations: { blackhole: {} }\n');
  await agent.start();
});

afterAll(async () => {
  await agent.remove();
});

describe('sluice status', () => {
  test('shows the agent of a configuration: 0 when all is well', async () => {
    const { out, err, code } = await agent.ask(['status', '-c', 'sluice.yaml']);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toMatch(new RegExp(`^sluice \\S+, pid ${agent.pid}, up `));
    expect(out).toMatch(/^blackhole +ok /m);
  });

  test('is JSON for machines', async () => {
    const { out } = await agent.ask(['status', '-c', 'sluice.yaml', '-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({
      agent: { pid: agent.pid },
      concerns: [],
      destinations: [{ name: 'blackhole', condition: { state: 'ok' }, unexplained: 0 }],
    });
  });

  test('finds it although the shell lacks a secret that the agent has', async () => {
    const { err, code } = await agent.ask(['status', '-c', 'elsewhere.yaml']);
    expect({ err, code }).toEqual({ err: '', code: 0 });
  });

  test.each([
    ['flag', ['--socket', 'state/admin.sock'], {}],
    ['environment', [], { SLUICE_SOCKET: 'state/admin.sock' }],
  ])('asks the socket that the %s names', async (_, parameters, environment) => {
    expect((await agent.ask(['status', ...parameters], environment)).code).toBe(0);
  });

  test('says that no agent runs with a configuration: 69', async () => {
    const { out, err, code } = await agent.ask(['status', '-c', 'other-state.yaml']);
    expect({ out, code }).toEqual({ out: '', code: 69 });
    expect(err).toBe(
      'sluice: no agent runs with this configuration: nobody answers on other/admin.sock or /run/sluice/admin.sock (state: other)\n',
    );
  });

  test('says that a configuration is of no use to find one: 78', async () => {
    const { err, code } = await agent.ask(['status', '-c', 'absent.yaml']);
    expect(code).toBe(78);
    expect(err).toContain('sluice validate');
  });

  test('says that a path is too long for a socket: 2', async () => {
    const { err, code } = await agent.ask(['status', '--socket', 'x'.repeat(108)]);
    expect(code).toBe(2);
    expect(err).toContain('too long');
  });

  test('says that the agent is of another version: 69', async () => {
    const path = join(agent.folder, 'newer.sock');
    const newer = createServer((_, response) => {
      response.end(JSON.stringify({ protocol: 2, version: '9.0.0', pid: 7, state: '/' }));
    });
    newer.listen(path);
    await once(newer, 'listening');
    const { err, code } = await agent.ask(['status', '--socket', path]);
    newer.close();
    expect(code).toBe(69);
    expect(err).toContain('the agent (sluice 9.0.0, pid 7) speaks another protocol');
  });
});

describe('sluice ledger', () => {
  test('is a table that adds up: 0', async () => {
    const { out, err, code } = await agent.ask(['ledger', '-c', 'sluice.yaml']);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const [read = 0, ...parts] = (/^blackhole +([\d ]+)$/m.exec(out)?.[1] ?? '').split(/ +/).map(Number);
    expect(read).toBeGreaterThan(0);
    expect(parts.slice(0, 4).reduce((sum, part) => sum + part, 0)).toBe(read);
  });

  test.each(['--to', '--destination'])('tells the services of one destination with %s', async (flag) => {
    const { out } = await agent.ask([
      'ledger',
      '-c',
      'sluice.yaml',
      flag,
      'blackhole',
      '--service',
      'shop-*',
      '-o',
      'json',
    ]);
    const { destinations } = JSON.parse(out);
    expect(destinations).toMatchObject([{ name: 'blackhole', unexplained: 0 }]);
    for (const { name } of destinations[0].services) expect(name).toMatch(/^shop-/);
  });

  test('counts since a moment', async () => {
    const { out } = await agent.ask(['ledger', '-c', 'sluice.yaml', '--since', '1d']);
    expect(out).toMatch(/counted since \d{4}-.* \(nothing older is kept\)$/m);
  });

  test.each([
    ['a destination that there is not: 1', ['--to', 'nothing'], 1, 'there is: blackhole'],
    ['a moment that is none: 2', ['--since', 'yesterday-ish'], 2, 'expected 2h, 1d12h'],
  ])('refuses %s', async (_, parameters, exitCode, complaint) => {
    const { out, err, code } = await agent.ask(['ledger', '-c', 'sluice.yaml', ...parameters]);
    expect({ out, code }).toEqual({ out: '', code: exitCode });
    expect(err).toContain(complaint);
  });

  test('is told from the checkpoints when no agent runs, and says so', async () => {
    const stopped = new SampleAgent();
    await stopped.start();
    await stopped.stop();
    // On a sample the state is one folder further down.
    writeFileSync(join(stopped.folder, 'sample.yaml'), 'state: state/sample\ndestinations: { blackhole: {} }\n');
    const { out, err, code } = await stopped.ask(['ledger', '-c', 'sample.yaml']);
    const nothing = await stopped.ask(['ledger', '-c', 'sluice.yaml']);
    await stopped.remove();
    expect(code).toBe(0);
    expect(err).toMatch(/^no agent runs: as saved in state\/sample at /);
    expect(out).toMatch(/^blackhole +\d+ +\d+ +0 +0 +0 +\?$/m);
    expect(nothing.code).toBe(0);
  });
});

describe('sluice tap', () => {
  test('shows what passes until it is told to end: 0', async () => {
    const child = agent.begin(['tap', '-c', 'sluice.yaml']);
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    child.kill('SIGINT');
    const { err, code } = await outcomeOf(child);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} [A-Z]+ +\S+ +blackhole /);
  });

  test('gives machines the event and who gets it', async () => {
    const child = agent.begin(['tap', '-c', 'sluice.yaml', '--to', 'blackhole', '--level', '>=debug', '-o', 'json']);
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    child.kill('SIGTERM');
    await outcomeOf(child);
    expect(JSON.parse(line)).toMatchObject({ info: { id: expect.any(String) }, destinations: ['blackhole'] });
  });

  test('ends without a word when nobody reads on', async () => {
    const child = agent.begin(['tap', '-c', 'sluice.yaml']);
    child.stdout.destroy();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ err, code }).toEqual({ err: '', code: 0 });
  });

  test.each([
    [['--to', 'nothing'], 'no destination "nothing" runs; there is: blackhole'],
    [['--level', 'wrn'], 'did you mean "warn"?'],
  ])('refuses %j: 1', async (parameters, complaint) => {
    const { err, code } = await agent.ask(['tap', '-c', 'sluice.yaml', ...parameters]);
    expect(code).toBe(1);
    expect(err).toContain(complaint);
  });

  test('says that the agent is gone: 69', async () => {
    const leaving = new SampleAgent();
    await leaving.start();
    const child = leaving.begin(['tap', '-c', 'sluice.yaml']);
    await once(child.stdout.setEncoding('utf8'), 'data');
    const outcome = outcomeOf(child);
    await leaving.stop();
    expect(await outcome).toMatchObject({ err: 'sluice: the agent is gone\n', code: 69 });
    await leaving.remove();
  });
});

requireComponents('root')('sluice status as somebody else', () => {
  test('says who may ask: 77', async () => {
    chmodSync(agent.folder, 0o755);
    chmodSync(join(agent.folder, 'state'), 0o755);
    const parameters = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, mainPath, 'status'];
    const asNobody = spawn('setpriv', [...parameters, '--socket', join(agent.folder, 'state/admin.sock')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { err, code } = await outcomeOf(asNobody);
    expect(code).toBe(77);
    expect(err).toContain('join group sluice');
  });
});

describe('sluice top', () => {
  test('refuses without a terminal: 2', async () => {
    const { out, err, code } = await agent.ask(['top', '-c', 'sluice.yaml']);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toContain('top needs a terminal');
  });
});
