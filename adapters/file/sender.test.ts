import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/platform/clock.ts';
import type { AdapterContext, Batch, LogEvent, Sender } from '#sdk';
import { batchEntryOf } from '../../test/support/batch-entry.ts';
import { encodable, eventOf } from '../../test/support/events.ts';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { fileOptions } from './options.ts';
import { createSender } from './sender.ts';

const never = new AbortController().signal;
let folder: string;
let path: string;
let nowMs: number;
const open: Sender[] = [];

const context: AdapterContext = {
  destination: 'file',
  host: 'host-1',
  encoding: 'message',
  logger: silentLogger,
  clock: { ...systemClock, now: () => nowMs },
  environment: {},
};

const start = (options: Readonly<Record<string, unknown>> = {}): Sender => {
  const sender = createSender(fileOptions.parse({ path, gzip: false, ...options }), context);
  open.push(sender);
  return sender;
};

const batchOf = (sender: Sender, messages: readonly string[], overrides: Partial<LogEvent> = {}): Batch => {
  const items = messages.map((message) => encodable(eventOf({ message, ...overrides })));
  const entries = items.map((item) => batchEntryOf(item.event, sender.encode(item) ?? ''));
  const bytes = entries.reduce((total, entry) => total + entry.bytes + 1, 0);
  return { key: items[0] === undefined ? '' : sender.batchKey(items[0]), entries, bytes };
};

const send = (sender: Sender, messages: readonly string[], overrides: Partial<LogEvent> = {}) =>
  sender.send(batchOf(sender, messages, overrides), never);

const linesOf = (file = path): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);
const rotated = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.includes('.ndjson.'))
    .toSorted();
const total = (): number => readdirSync(folder).reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0);
const kilobytes = (count: number, letter = 'x'): string => letter.repeat(count * 1000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-file-'));
  path = join(folder, 'all.ndjson');
  nowMs = Date.now();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((sender) => sender.close()));
  rmSync(folder, { recursive: true });
});

describe('appending', () => {
  test('writes one line for each event, in order, and adds to what is there', async () => {
    writeFileSync(path, 'before\n');
    const sender = start();
    expect(await send(sender, ['one', 'two'])).toEqual({ status: 'delivered' });
    expect(await send(sender, ['three'])).toEqual({ status: 'delivered' });
    expect(linesOf()).toEqual(['before', 'one', 'two', 'three']);
  });

  test('makes the folders of a path, and keeps events with different paths apart', async () => {
    const sender = start({ path: join(folder, 'deep/{{service}}/{{stream}}.ndjson') });
    await send(sender, ['a'], { service: 'web', stream: '1' });
    await send(sender, ['b'], { service: 'web', stream: '2' });
    expect(linesOf(join(folder, 'deep/web/1.ndjson'))).toEqual(['a']);
    expect(linesOf(join(folder, 'deep/web/2.ndjson'))).toEqual(['b']);
  });

  test('a line that a crash left torn does not swallow the next one', async () => {
    writeFileSync(path, 'whole\n{"torn');
    await send(start(), ['next']);
    expect(linesOf()).toEqual(['whole', '{"torn', 'next']);
  });

  test('goes on in a new file when somebody has moved or removed the old one', async () => {
    const sender = start();
    await send(sender, ['one']);
    renameSync(path, join(folder, 'moved'));
    await send(sender, ['two']);
    rmSync(path);
    await send(sender, ['three']);
    expect(linesOf(join(folder, 'moved'))).toEqual(['one']);
    expect(linesOf()).toEqual(['three']);
  });

  test('goes on at the end when somebody has emptied the file', async () => {
    const sender = start();
    await send(sender, ['one']);
    truncateSync(path);
    await send(sender, ['two']);
    expect(linesOf()).toEqual(['two']);
  });

  test('keeps a bounded number of files open', async () => {
    const sender = start({ path: join(folder, '{{service}}.ndjson') });
    const names = Array.from({ length: 200 }, (_, index) => `service-${index}`);
    await Promise.all(names.map((service) => send(sender, ['line'], { service })));
    const descriptors = readdirSync('/proc/self/fd').map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return 'closed meanwhile';
      }
    });
    expect(descriptors.filter((file) => file.startsWith(folder))).toHaveLength(64);
    expect(names.map((service) => linesOf(join(folder, `${service}.ndjson`)))).toEqual(names.map(() => ['line']));
  });

  test('may be closed twice', async () => {
    const sender = start();
    await send(sender, ['one']);
    await sender.close();
    await expect(sender.close()).resolves.toBeUndefined();
  });
});

describe('failing', () => {
  test('leaves nothing behind of a batch that was only partly written', () => {
    // A real short write: the process may not make files larger than 4 KiB, which Linux enforces in the middle of a batch.
    const program = `
      import { readFileSync } from 'node:fs';
      import { createSender } from ${JSON.stringify(join(import.meta.dirname, 'sender.ts'))};
      import { fileOptions } from ${JSON.stringify(join(import.meta.dirname, 'options.ts'))};
      const path = ${JSON.stringify(path)};
      const sender = createSender(fileOptions.parse({ path }), { encoding: 'message', clock: Date });
      const signal = new AbortController().signal;
      const send = (text) => sender.send({ key: path, entries: [{ text, bytes: text.length }], bytes: text.length }, signal);
      const results = [await send('first'), await send('x'.repeat(10000)), await send('last')];
      process.stdout.write(JSON.stringify({ results, content: readFileSync(path, 'utf8') }));`;
    const script = `ulimit -f 8; exec "$0" --input-type=module --eval "$1"`;
    const child = spawnSync('sh', ['-c', script, process.execPath, program], { encoding: 'utf8' });
    expect(child.stderr).toBe('');
    expect(JSON.parse(child.stdout)).toEqual({
      results: [
        { status: 'delivered' },
        { status: 'retry', scope: 'destination', reason: expect.stringContaining('EFBIG') },
        { status: 'delivered' },
      ],
      content: 'first\nlast\n',
    });
  });

  test('writes nothing when the signal is aborted before', async () => {
    const sender = start();
    expect(await sender.send(batchOf(sender, ['line']), AbortSignal.abort())).toMatchObject({ status: 'retry' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('holds exactly what it called delivered, whenever the signal is aborted', async () => {
    const sender = start();
    const expected: string[] = [];
    for (let turns = 0; turns < 40; turns += 1) {
      const controller = new AbortController();
      const sending = sender.send(batchOf(sender, [`aborted after ${turns}`]), controller.signal);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      if ((await sending).status === 'delivered') expected.push(`aborted after ${turns}`);
    }
    await send(sender, ['last']);
    expect(linesOf()).toEqual([...expected, 'last']);
  });

  test('waits for a person where the path is a folder', async () => {
    mkdirSync(path);
    expect(await send(start(), ['one'])).toMatchObject({
      status: 'denied',
      scope: 'batch',
      reason: expect.stringMatching(/all\.ndjson.*EISDIR.*choose another path/),
    });
  });

  test('waits for a person where the path is a device', async () => {
    symlinkSync('/dev/null', path);
    expect(await send(start(), ['one'])).toMatchObject({ status: 'denied', reason: `${path} is not a regular file` });
  });

  test('delivers as soon as what was wrong is put right', async () => {
    mkdirSync(path);
    const sender = start();
    await send(sender, ['one']);
    rmSync(path, { recursive: true });
    expect(await send(sender, ['one'])).toEqual({ status: 'delivered' });
    expect(linesOf()).toEqual(['one']);
  });
});

describe('rotating', () => {
  test('begins a new file before one grows beyond max_size', async () => {
    const sender = start({ max_size: '4KiB' });
    for (const letter of ['a', 'b', 'c']) await send(sender, [kilobytes(3, letter)]);
    expect(linesOf()).toEqual([kilobytes(3, 'c')]);
    expect(rotated().map((name) => linesOf(join(folder, name))[0]?.[0])).toEqual(['a', 'b']);
  });

  test('begins a new file when one is older than max_age', async () => {
    const sender = start({ max_age: '1h' });
    await send(sender, ['old']);
    nowMs += 30 * 60_000;
    await send(sender, ['still old']);
    nowMs += 31 * 60_000;
    await send(sender, ['new']);
    expect(linesOf()).toEqual(['new']);
    expect(rotated()).toHaveLength(1);
  });

  test('names a rotated file after the time, in UTC', async () => {
    const sender = start({ max_size: '4KiB' });
    nowMs = Date.UTC(2026, 10, 22, 11, 59, 0, 123);
    await send(sender, [kilobytes(3)]);
    await send(sender, [kilobytes(3)]);
    await send(sender, [kilobytes(3)]);
    expect(rotated()).toEqual(['all.ndjson.20261122T115900.123Z', 'all.ndjson.20261122T115900.124Z']);
  });

  test('compresses rotated files, those of an interrupted run too', async () => {
    writeFileSync(`${path}.20260101T000000.000Z`, 'left over\n');
    writeFileSync(`${path}.20260101T000000.001Z.gz.partial`, 'half a gzip');
    const sender = start({ max_size: '4KiB', gzip: true });
    await send(sender, [kilobytes(3, 'a')]);
    await send(sender, [kilobytes(3, 'b')]);
    await settled(() => rotated().every((name) => name.endsWith('.gz')));
    const contents = rotated().map((name) => gunzipSync(readFileSync(join(folder, name))).toString());
    expect(contents).toEqual(['left over\n', `${kilobytes(3, 'a')}\n`]);
  });

  test('keeps max_files rotated files of each file', async () => {
    const sender = start({ path: join(folder, '{{service}}.ndjson'), max_size: '4KiB', max_files: 2 });
    for (const letter of ['a', 'b', 'c', 'd']) await send(sender, [kilobytes(3, letter)], { service: 'web' });
    for (const letter of ['x', 'y']) await send(sender, [kilobytes(3, letter)], { service: 'db' });
    await settled(() => rotated().length === 3);
    const firsts = rotated().map((name) => name.slice(0, 3) + readFileSync(join(folder, name), 'utf8').slice(0, 1));
    expect(firsts).toEqual(['db.x', 'webb', 'webc']);
  });
});

describe('max_total', () => {
  test('deletes the oldest rotated files before there would be more', async () => {
    const sender = start({ max_size: '4KiB', max_total: '16KiB' });
    for (let index = 0; index < 30; index += 1) {
      expect(await send(sender, [String(index) + kilobytes(1)])).toEqual({ status: 'delivered' });
      expect(total()).toBeLessThanOrEqual(16 * 1024);
    }
    expect(linesOf().at(-1)).toMatch(/^29x/);
  });

  test('holds for many small files of many services too', async () => {
    const sender = start({ path: join(folder, '{{service}}.ndjson'), max_size: '4KiB', max_total: '16KiB' });
    for (let index = 0; index < 40; index += 1) {
      expect(await send(sender, [kilobytes(1)], { service: `s${index}` })).toEqual({ status: 'delivered' });
      expect(total()).toBeLessThanOrEqual(16 * 1024);
    }
    expect(linesOf(join(folder, 's39.ndjson'))).toEqual([kilobytes(1)]);
  });

  test('never deletes what others wrote, and says what is in the way', async () => {
    const foreign = join(folder, 'foreign.ndjson');
    writeFileSync(foreign, kilobytes(20));
    const sender = start({ path: join(folder, '{{service}}.ndjson'), max_size: '4KiB', max_total: '16KiB' });
    expect(await send(sender, ['line'])).toMatchObject({
      status: 'retry',
      reason: expect.stringContaining(`nothing rotated is left to delete under ${folder}`),
    });
    expect(statSync(foreign).size).toBe(20_000);
  });

  test('needs room for more than the file that is being written', () => {
    expect(() => start({ max_size: '10MiB', max_total: '15MiB' })).toThrow('at least twice max_size');
  });
});

/** Resolves when housekeeping in the background has come to `condition`; the test's own time limit is its end. */
const settled = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};
