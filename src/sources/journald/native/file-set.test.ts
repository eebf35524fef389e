import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../../../test/support/silent-logger.ts';
import { SimulatedJournal } from '../../../../test/support/simulated-journal.ts';
import { FieldNames } from '../field-names.ts';
import { FileSet } from './file-set.ts';
import { JournalFolders } from './folders.ts';
import { locationOf } from './location.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'journal-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('a file that is removed between two listings is not looked into', async () => {
  for (const [name, id] of [
    ['system', '1'],
    ['user-1000', '2'],
  ] as const) {
    const ids = { sequenceId: id.repeat(32), fileId: id.repeat(32) };
    const journal = new SimulatedJournal(join(directory, `${name}.journal`), { isCompact: true, ...ids });
    journal.append({ MESSAGE: name });
    journal.close();
  }
  let listings = 0;
  const removeAtSecond = (): number => {
    listings += 1;
    if (listings === 2) rmSync(join(directory, 'user-1000.journal'));
    return 0;
  };
  const folders = new JournalFolders({ hostRoot: '/', directory, namespace: undefined, matches: [] });
  const options = { names: new FieldNames(undefined), maxMessageBytes: 1024, onDamage: () => {} };
  const set = new FileSet(folders, options, silentLogger, removeAtSecond);
  const before = { sequenceId: '3'.repeat(32), sequence: 1, realtimeUs: 1, monotonicUs: 1, hashHigh: 0, hashLow: 0 };
  await set.update(locationOf({ kind: 'beginning' }), { ...before, bootId: 'b'.repeat(32) });
  expect(set.files.map((file) => file.peek()?.sequence)).toEqual([1]);
  set.close();
  expect(listings).toBe(2);
});
