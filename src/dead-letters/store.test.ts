import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptFields, plainLetter } from '../../test/support/dead-letters.ts';
import { eventOf, fieldsOf } from '../../test/support/events.ts';
import { createMemoryLogger } from '../../test/support/memory-logger.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { LogEvent } from '../event/event.ts';
import { createNormalizer } from '../normalize/normalize.ts';
import { dockerFields, testRecord } from '../normalize/test-record.ts';
import { formatCheckedLine } from './checked-line.ts';
import { QueueRoom } from './queue-room.ts';
import { DeadLetterStore, type RefusedEvent } from './store.ts';

const maxBytes = 256 * 1024;

let state: string;
let directory: string;
let clock: VirtualClock;
let lines: ReturnType<typeof createMemoryLogger>['lines'];
const opened: DeadLetterStore[] = [];

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-letters-'));
  directory = join(state, 'dead-letters', 'loggly');
  clock = new VirtualClock();
});

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await rm(state, { recursive: true });
});

const openStore = async (bytes = maxBytes): Promise<DeadLetterStore> => {
  const log = createMemoryLogger();
  lines = log.lines;
  const { logger } = log;
  const room = new QueueRoom(16 * 1024 * 1024);
  const options = { directory, destination: 'loggly', maxBytes: bytes, fieldNames: keptFields, room, clock, logger };
  const store = await DeadLetterStore.open(options);
  opened.push(store);
  return store;
};

const refusedOf = (overrides: Partial<LogEvent> = {}, refused: Partial<RefusedEvent> = {}): RefusedEvent => ({
  event: eventOf(overrides),
  reason: 'rejected',
  answer: '400 bad field',
  attempts: 3,
  key: 'billing',
  ...refused,
});

const addAll = (store: DeadLetterStore, messages: readonly string[], overrides: Partial<LogEvent> = {}): void => {
  for (const message of messages) store.add(refusedOf({ message, ...overrides }));
};

const messagesOf = async (store: DeadLetterStore): Promise<readonly string[]> =>
  (await store.list({ limit: 10_000 })).map(({ event }) => event.message);

const idsOf = async (store: DeadLetterStore): Promise<readonly string[]> =>
  (await store.list({ limit: 10_000 })).map(({ id }) => id);

const saidBy = ({ recall: _recall, fields: _fields, position, ...said }: LogEvent) => ({ ...said, id: position.id() });

const filesOf = async (): Promise<readonly string[]> => await readdir(directory);

const bytesOnDisk = async (): Promise<number> => {
  const sizes = await Promise.all((await filesOf()).map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

describe('DeadLetterStore', () => {
  test('gives back what was added, also after a restart', async () => {
    const fields = fieldsOf({ CONTAINER_NAME: 'shop-1', MESSAGE_ID: 'not asked for' });
    const refused = refusedOf({ message: 'pay', data: { amount: 3 }, fields });
    const store = await openStore();
    store.add(refused);
    const [letter] = await store.list({ limit: 10 });
    expect(letter).toMatchObject({ id: '1', destination: 'loggly', reason: 'rejected', answer: '400 bad field' });
    expect(letter).toMatchObject({ attempts: 3, key: 'billing', isCut: false, refusedAtMs: clock.now() });
    expect(letter?.event.position.id()).toBe('id-0');
    expect([letter?.event.fields.get('CONTAINER_NAME'), letter?.event.fields.get('MESSAGE_ID')]).toEqual([
      'shop-1',
      undefined,
    ]);
    await store.close();
    const found = await (await openStore()).get('1');
    expect(found && plainLetter(found)).toEqual(letter && plainLetter(letter));
    expect(lines).toEqual([]);
  });

  test.each([
    ['text', 'out of memory'],
    ['JSON', '{"level":"warn","msg":"pay","amount":3}'],
    ['much JSON', JSON.stringify(Array.from({ length: 300 }, (_, at) => ({ at }))).replace('[', '{"a":[') + '}'],
    ['JSON with a name that comes twice', '{"a":1,"a":2}'],
    ['bytes that are no text', Uint8Array.of(0x61, 0xff)],
    ['a line in the ecs-logs schema', '{"level":"ERROR","info":{"errors":[{"type":"E","stack":["s"]}]},"message":"m"}'],
  ])('gives back an event as it is made of a record that holds %s', async (_, MESSAGE) => {
    const normalize = createNormalizer({
      host: () => ({ name: 'host-1', machineId: undefined, cloud: {} }),
      naming: 'sluice',
      streamField: undefined,
      labels: { team: 'red' },
      maxNewServicesPerHour: 1,
      onServiceOverflow: () => undefined,
    });
    const event = normalize(testRecord({ ...dockerFields, MESSAGE }, { common: {} }));
    const store = await openStore();
    store.add(refusedOf({}, { event }));
    const [letter] = await store.list({ limit: 10 });
    expect(letter && saidBy(letter.event)).toEqual(saidBy(event));
    expect(lines).toEqual([]);
  });

  test('has no directory until there is a letter', async () => {
    const store = await openStore();
    expect(await store.list({ limit: 10 })).toEqual([]);
    expect(await readdir(state)).toEqual([]);
  });

  test('lists by service, by reason and page by page', async () => {
    const store = await openStore();
    addAll(store, ['a', 'b', 'c', 'd'], { service: 'shop' });
    store.add(refusedOf({ service: 'audit' }, { reason: 'too old' }));
    expect((await store.list({ limit: 2, after: '1', service: 'sh*' })).map(({ id }) => id)).toEqual(['2', '3']);
    expect((await store.list({ limit: 9, reason: 'too old' })).map(({ id }) => id)).toEqual(['5']);
    expect(await store.counts()).toEqual({
      reasons: new Map([
        ['rejected', 4],
        ['too old', 1],
      ]),
      services: new Map([
        ['shop', 4],
        ['audit', 1],
      ]),
    });
  });

  test('removes letters for good and gives no id twice', async () => {
    const store = await openStore();
    addAll(store, ['a', 'b', 'c']);
    expect(await store.remove(['2', '3', '99'])).toBe(2);
    expect(await messagesOf(store)).toEqual(['a']);
    await store.close();
    const again = await openStore();
    addAll(again, ['d']);
    expect(await idsOf(again)).toEqual(['1', '4']);
    expect(await again.remove(['1', '4'])).toBe(2);
    await again.close();
    const last = await openStore();
    addAll(last, ['e']);
    expect(await idsOf(last)).toEqual(['5']);
  });

  test('removes over many files, and the files with them', async () => {
    const store = await openStore();
    const many = Array.from({ length: 300 }, (_, index) => `${index} ${'x'.repeat(200)}`);
    addAll(store, many);
    const ids = await idsOf(store);
    expect((await filesOf()).length).toBeGreaterThan(3);
    expect(await store.remove(ids.slice(10, 290))).toBe(280);
    expect(await messagesOf(store)).toEqual([...many.slice(0, 10), ...many.slice(290)]);
    expect((await filesOf()).length).toBe(2);
    expect(store.summary).toMatchObject({ letters: 20, bytes: await bytesOnDisk() });
    addAll(store, ['newer']);
    expect((await messagesOf(store)).at(-1)).toBe('newer');
  });

  test('notes what a service answered when it refused again', async () => {
    const store = await openStore();
    addAll(store, ['a', 'b']);
    await store.edit(new Map([['1', { reason: 'too old', answer: 'late', attempts: 4, refusedAtMs: 7 }]]));
    expect(await store.get('1')).toMatchObject({ reason: 'too old', answer: 'late', attempts: 4, refusedAtMs: 7 });
    expect(await messagesOf(store)).toEqual(['a', 'b']);
  });

  test('never takes more of the disk than it may: the oldest go, counted and said', async () => {
    const store = await openStore();
    for (let round = 0; round < 20; round += 1) {
      addAll(
        store,
        Array.from({ length: 100 }, (_, index) => `${round}.${index} ${'x'.repeat(300)}`),
      );
      await store.list({ limit: 1 });
      expect(await bytesOnDisk()).toBeLessThanOrEqual(maxBytes);
    }
    const { letters, expired, bytes, missed, problem } = store.summary;
    expect({ total: letters + expired, missed, problem }).toEqual({ total: 2000, missed: 0, problem: undefined });
    expect(bytes).toBe(await bytesOnDisk());
    expect(letters).toBeGreaterThan(200);
    expect((await idsOf(store)).at(-1)).toBe((2000).toString(36));
    expect(lines).toEqual([
      { level: 'warn', fields: { letters: expect.any(Number) }, message: expect.stringContaining('made room') },
    ]);
  });

  test('lets go of the oldest when it may hold less than before', async () => {
    const large = await openStore(1024 * 1024);
    addAll(
      large,
      Array.from({ length: 500 }, () => 'x'.repeat(1000)),
    );
    await large.close();
    const small = await openStore(65_536);
    addAll(small, ['new']);
    expect((await messagesOf(small)).at(-1)).toBe('new');
    expect(await bytesOnDisk()).toBeLessThanOrEqual(65_536);
  });

  test('keeps none when it may hold none, and leaves what was kept before', async () => {
    const before = await openStore();
    addAll(before, ['a']);
    await before.close();
    const store = await openStore(0);
    addAll(store, ['b']);
    expect(await messagesOf(store)).toEqual(['a']);
    expect(store.summary).toMatchObject({ letters: 1, missed: 0 });
  });

  test('cuts an event that would take more than a quarter of all', async () => {
    const store = await openStore();
    addAll(store, ['y'.repeat(maxBytes / 2), 'next']);
    expect(await store.list({ limit: 2 })).toMatchObject([
      { isCut: true, event: { bytes: maxBytes / 2 } },
      { isCut: false },
    ]);
  });

  test('takes away a letter that a kill cut short, says so once, and goes on', async () => {
    const store = await openStore();
    addAll(store, ['a', 'b']);
    await store.close();
    const [file = ''] = await filesOf();
    const text = await readFile(join(directory, file), 'utf8');
    await writeFile(join(directory, file), text.slice(0, -20));
    const again = await openStore();
    expect(lines).toEqual([
      { level: 'warn', fields: expect.anything(), message: expect.stringContaining('cut short') },
    ]);
    addAll(again, ['c']);
    expect(await messagesOf(again)).toEqual(['a', 'c']);
    await again.close();
    await openStore();
    expect(lines).toEqual([]);
  });

  test('says how many lines are damaged and gives the others', async () => {
    const store = await openStore();
    addAll(store, ['a', 'b', 'c']);
    await store.close();
    const path = join(directory, (await filesOf())[0] ?? '');
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace('"message":"b"', '"message":"B"').replace('"raw":"b"', '"raw":"B"'),
    );
    const again = await openStore();
    expect(lines).toEqual([
      { level: 'error', fields: { path, lines: 1 }, message: expect.stringContaining('damaged') },
    ]);
    expect(await messagesOf(again)).toEqual(['a', 'c']);
  });

  test("leaves a newer version's letters alone", async () => {
    await mkdir(directory, { recursive: true });
    const path = join(directory, '0000000000000001.ndjson');
    const newer = `${formatCheckedLine('segment', { format: 2 })}\nanything`;
    await writeFile(path, newer);
    const store = await openStore();
    addAll(store, ['a']);
    await expect(store.list({ limit: 1 })).rejects.toThrow('format 2');
    await expect(store.remove(['1'])).rejects.toThrow('format 2');
    expect(store.summary).toMatchObject({ missed: 1, problem: expect.stringContaining('format 2') });
    expect(await readFile(path, 'utf8')).toBe(newer);
  });

  test('counts and says what a full disk does not take, and goes on when there is room', async () => {
    await mkdir(directory, { recursive: true });
    const path = join(directory, '0000000000000001.ndjson');
    const store = await openStore();
    // Every write to it fails as on a full disk.
    await symlink('/dev/full', path);
    addAll(store, ['a', 'b']);
    await store.remove([]);
    expect(store.summary).toMatchObject({ missed: 2, problem: expect.stringContaining('ENOSPC'), letters: 0 });
    expect(lines).toEqual([
      { level: 'error', fields: { letters: 2 }, message: expect.stringContaining('no space left on device') },
    ]);
    await rm(path);
    addAll(store, ['c']);
    expect(await messagesOf(store)).toEqual(['c']);
    expect(store.summary).toMatchObject({ missed: 2, problem: undefined, letters: 1 });
  });

  test('a disk that hangs delays nobody: what is too much to wait for it is counted', async () => {
    await mkdir(directory, { recursive: true });
    const path = join(directory, '0000000000000001.ndjson');
    const store = await openStore(64 * 1024 * 1024);
    // Opening it waits for a reader.
    spawnSync('mkfifo', [path]);
    for (let count = 0; count < 40; count += 1) addAll(store, ['z'.repeat(1_000_000)]);
    const { missed } = store.summary;
    expect(missed).toBeGreaterThan(10);
    expect(lines).toMatchObject([{ fields: { letters: 1 }, message: expect.stringContaining('the disk is too slow') }]);
    const reader = await open(path, 'r');
    const [content] = await Promise.all([reader.readFile(), store.close()]);
    await reader.close();
    expect(content.length).toBeGreaterThan(4_000_000);
    expect(store.summary.letters + store.summary.missed).toBe(40);
  });

  test('reads while it is written, as a command does, and calls nothing damaged', async () => {
    const store = await openStore();
    addAll(store, ['a']);
    await store.list({ limit: 1 });
    const path = join(directory, (await filesOf())[0] ?? '');
    await appendFile(path, '\n{"crc":"half of a le');
    expect(await messagesOf(store)).toEqual(['a']);
  });

  test('is closed twice and keeps nothing afterwards', async () => {
    const store = await openStore();
    addAll(store, ['a']);
    await store.close();
    await store.close();
    addAll(store, ['b']);
    expect(await messagesOf(store)).toEqual(['a']);
    expect(store.summary).toMatchObject({ letters: 1, missed: 1 });
  });
});
