import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropReasons } from '../event/drop-reason.ts';
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { CheckpointStore } from './store.ts';

const checkpoint: Checkpoint = {
  destination: 'loggly',
  cursors: {
    journald: { '': { resume: { kind: 'after', cursor: 's=1;i=2' }, settled: 'AAEC' } },
  },
  keyedBy: '{{service}}',
  skips: [{ untilUs: 5, service: 'billing*', reason: 'skipped by operator' }],
  parked: [
    {
      key: 'group',
      reason: 'denied',
      sinceMs: 1,
      outstanding: [{ service: 'billing', records: 1 }],
      unsettled: { '': { resume: { kind: 'beginning' }, records: 'AAEC' } },
      following: { '': { resume: { kind: 'since', timeUs: 1 }, settled: '' } },
      followingUs: 1,
      digest: -5,
    },
  ],
  services: [{ service: 'billing', read: 3, settled: { delivered: 2, 'not routed': 1 }, lost: {}, announced: {} }],
};

let state: string;
let store: CheckpointStore;
const pathOf = (name: string): string => join(state, 'checkpoints', name);

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-checkpoint-'));
  store = new CheckpointStore(state, () => 1234);
  await store.prepare();
});

afterEach(() => rm(state, { recursive: true }));

describe('CheckpointStore', () => {
  test('gives back what was saved', async () => {
    await store.save(checkpoint);
    expect(await store.load('loggly')).toEqual({ kind: 'found', checkpoint });
  });

  test('knows nothing of a destination that never saved', async () => {
    expect(await store.load('loggly')).toEqual({ kind: 'none' });
  });

  test('sets a damaged checkpoint aside instead of overwriting it', async () => {
    await writeFile(pathOf('loggly.json'), 'garbage');
    const loaded = await store.load('loggly');
    expect(loaded).toMatchObject({ kind: 'set aside', reason: expect.stringContaining('not JSON') });
    expect(await readFile(pathOf('loggly.json.damaged-1234'), 'utf8')).toBe('garbage');
  });

  test("sets another destination's checkpoint aside", async () => {
    await writeFile(pathOf('logdna.json'), formatCheckpoint(checkpoint));
    expect(await store.load('logdna')).toMatchObject({
      kind: 'set aside',
      reason: expect.stringContaining('"loggly"'),
    });
  });

  test('refuses a newer format before anything is written', async () => {
    const newer = JSON.stringify({ format: 2, anything: true });
    await writeFile(pathOf('loggly.json'), newer);
    await expect(store.load('loggly')).rejects.toThrow('from a newer sluice: it has format 2');
    expect(await readdir(join(state, 'checkpoints'))).toEqual(['.writable', 'loggly.json']);
  });

  test("says how to mend a state directory that can't be written", async () => {
    await writeFile(join(state, 'file'), '');
    const broken = new CheckpointStore(join(state, 'file'), () => 0);
    await expect(broken.prepare()).rejects.toThrow('choose another with "state:"');
  });

  test("keeps the old checkpoint whole when the new one can't be written", async () => {
    await store.save(checkpoint);
    // What a full disk does to the temporary file.
    await mkdir(pathOf('loggly.json.new'));
    await expect(store.save({ ...checkpoint, services: [] })).rejects.toThrow('EISDIR');
    expect(await store.load('loggly')).toEqual({ kind: 'found', checkpoint });
  });

  test('notices any byte that was changed', () => {
    const text = formatCheckpoint(checkpoint);
    fc.assert(
      fc.property(fc.nat(text.length - 3), fc.integer({ min: 33, max: 126 }), (at, code) => {
        const changed = text.slice(0, at) + String.fromCodePoint(code) + text.slice(at + 1);
        fc.pre(changed !== text);
        // A format number beyond ours is refused as newer, everything else as damaged.
        expect(() => parseCheckpoint(changed)).toThrow(/format|checksum|JSON|not a checkpoint|✖/);
      }),
    );
  });

  test('takes any text as a service and any reason as an outcome', () => {
    const services = fc.uniqueArray(fc.oneof(fc.constant('__proto__'), fc.string({ unit: 'binary' })));
    fc.assert(
      fc.property(services, fc.constantFrom(...dropReasons), (names, reason) => {
        const counted = names.map((service) => ({
          service,
          read: 1,
          settled: { [reason]: 1 },
          lost: {},
          announced: { [reason]: 1 },
        }));
        const parsed = parseCheckpoint(formatCheckpoint({ ...checkpoint, services: counted }));
        expect(parsed.services).toEqual(counted);
      }),
    );
  });
});
