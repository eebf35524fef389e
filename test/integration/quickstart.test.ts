import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { outcomeOf, startCommand } from '../support/command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-quickstart-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const quickstart = (file: string) => startCommand({ parameters: ['quickstart', '-c', file], folder });

/** A host without a journal. */
const configure = (): string => {
  mkdirSync(join(folder, 'no-journal'), { recursive: true });
  writeFileSync(
    join(folder, 'sluice.yaml'),
    `
sources: { journald: { directory: ${join(folder, 'no-journal')}, start: 20 lines } }
state: kept/state
cloud_identity: off
admin: { listen: '127.0.0.1:0' }
log: { level: warn }
destinations:
  console: { format: pretty, drain: 200ms }
  file: { path: kept/logs/journal.ndjson, batch: { max_age: 50ms } }
`,
  );
  return 'sluice.yaml';
};

/** Starts it, gives it SIGINT once all of the sample was shown, and returns what it printed. */
const show = async (file: string) => {
  const child = quickstart(file);
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    if (data.includes('Out of memory')) child.kill('SIGINT');
  });
  return await outcomeOf(child);
};

const messagesIn = (path: string): readonly string[] =>
  readFileSync(join(folder, path), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).message);

describe('sluice quickstart', () => {
  test('shows the product on a sample where there is no journal, and says why', async () => {
    const { out, err, code } = await show(configure());
    expect(code).toBe(0);
    expect(err).toMatch(/(?:no journal|journalctl was not found).*\n {2}Here is a sample instead\.\n/);
    expect(err).toMatch(/health {2}http:\/\/127\.0\.0\.1:\d+\/readyz/);
    expect(err).toContain('start again, and see the sample go on where it stopped');
    for (const shown of [
      'GET /cart',
      'invoice sent invoice=2026-11-0042',
      'panic: runtime error',
      'INFO job 8812 done',
    ])
      expect(out).toContain(shown);
    expect(out).not.toContain('\u001b');
  });

  test('goes on where it stopped, and its ledger adds up over both', async () => {
    const file = configure();
    await show(file);
    const { err } = await show(file);
    const messages = messagesIn('kept/logs/journal.ndjson');
    const [, read, delivered] =
      /at the end, file: read (\d+) = delivered (\d+) \+ dropped 0 \+ pending 0/.exec(err) ?? [];
    expect([Number(read), Number(delivered)]).toEqual([messages.length, messages.length]);
    expect(messages.slice(9)).toEqual(messages.slice(0, messages.length - 9));
  });

  test('keeps the sample out of the state of the journal', async () => {
    const state = join(folder, 'kept/state/checkpoints');
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, 'console.json'), 'the cursors of the journal');
    expect((await show(configure())).code).toBe(0);
    expect(readFileSync(join(state, 'console.json'), 'utf8')).toBe('the cursors of the journal');
  });

  test('goes on shipping when nobody reads its standard error', async () => {
    const child = quickstart(configure());
    child.stderr.destroy();
    child.stdout.setEncoding('utf8').on('data', (data: string) => {
      if (data.includes('Out of memory')) child.kill('SIGTERM');
    });
    const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect(code).toBe(0);
    expect(out).toContain('Out of memory');
  });

  test('ends in order when nobody reads its standard output', async () => {
    const child = quickstart(configure());
    child.stdout.destroy();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(code).toBe(0);
    expect(err).toContain('ledger  at the end, file:');
  });
});
