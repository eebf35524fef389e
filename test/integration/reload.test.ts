import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import { AgentRun } from '../support/agent-run.ts';
import { requireComponents } from '../support/components.ts';
import { forOneReader } from '../support/readers.ts';
import { readShipped } from '../support/shipped-file.ts';

jest.setTimeout(60_000);

const describeAgent = forOneReader(requireComponents('journalctl', 'systemd-journald', 'root', 'unshare'));

describeAgent('sluice run, told by SIGHUP to reload', (reader) => {
  let journal: PrivateJournald;
  let folder: string;
  let run: AgentRun;

  beforeAll(async () => {
    journal = await startPrivateJournald();
  });

  afterAll(async () => {
    await journal?.stop();
  });

  const configuration = (destinations: readonly string[], more = ''): string => `
sources: { journald: { directory: '${journal.directory}', reader: ${reader}, start: beginning } }
state: ${folder}/state
cloud_identity: off
admin: { listen: '127.0.0.1:0' }
${more}
destinations:
${destinations.map((name) => `  ${name}: { type: file, path: '${folder}/${name}.ndjson', batch: { max_age: 50ms } }`).join('\n')}
`;

  const write = async (text: string): Promise<void> => {
    await writeFile(join(folder, 'sluice.yaml'), text);
  };

  const log = async (...lines: readonly string[]): Promise<void> => {
    await journal.log(lines, 'app');
    await journal.sync();
  };

  const has = async (name: string, ...lines: readonly string[]): Promise<void> => {
    await run.until(`shipped ${lines.join()}`, async () => {
      const events = await readShipped(join(folder, `${name}.ndjson`));
      const messages = new Set(events.map(({ message }) => message));
      return lines.every((line) => messages.has(line));
    });
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-reload-'));
    await write(configuration(['one', 'two']));
    run = new AgentRun(join(folder, 'sluice.yaml'));
    await run.says(/sluice runs/);
  });

  afterEach(async () => {
    await run.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  test('goes on with what is new, keeps what is not, and delivers each line once', async () => {
    await log('before 1', 'before 2');
    await has('one', 'before 2');
    await has('two', 'before 2');
    await write(configuration(['two', 'three'], `rules: [{ match: { message: 'noise*' }, min_level: emerg }]`));
    run.tell('SIGHUP');
    await run.says(/"one":"removed","two":"kept","three":"added","message":"reloaded"/);
    await log('noise after', 'after');
    await has('two', 'before 1', 'before 2', 'after');
    await has('three', 'before 1', 'after');
    expect(await run.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const own = (await readShipped(join(folder, 'two.ndjson'))).filter(({ info }) => info['identifier'] === 'app');
    expect(own.map(({ message }) => message)).toEqual(['before 1', 'before 2', 'after']);
    expect(await readdir(join(folder, 'state', 'checkpoints'))).toContain('one.json.dormant');
  });

  test('is changed by nothing in a file that is wrong, and says what wants a restart', async () => {
    await write(`${configuration(['one', 'two'])}\nruls: []\n`);
    run.tell('SIGHUP');
    await run.says(/unknown option "ruls"[\s\S]*not reloaded: the files are wrong/);
    await log('still there');
    await has('one', 'still there');
    await write(configuration(['one', 'two'], 'memory: 64MiB'));
    run.tell('SIGHUP');
    await run.says(/memory: changed in the file, and in force only after a restart/);
    expect(run.isRunning).toBe(true);
  });
});
