import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messagesOf, readCount } from '../../../../test/support/read-records.ts';
import { silentLogger } from '../../../../test/support/silent-logger.ts';
import { SimulatedJournal } from '../../../../test/support/simulated-journal.ts';
import { some } from '../../../../test/support/some.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../index.ts';

/** `n_entries` (JOURNAL_FILE_FORMAT.md, "Header"). */
const countAt = 152;
const startUs = 1_795_000_000_000_000;
const never = new AbortController().signal;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'journal-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** Two files of five entries; the second says that it has more, and may have holes as large. */
const write = async (count: bigint, bytes: number | undefined): Promise<void> => {
  for (const [name, id] of [
    ['system', '1'],
    ['user-1000', '2'],
  ] as const) {
    const ids = { sequenceId: id.repeat(32), fileId: id.repeat(32) };
    const journal = new SimulatedJournal(join(directory, `${name}.journal`), { isCompact: true, ...ids });
    for (let number = 1; number <= 5; number += 1) {
      const monotonicUs = number * 10 + Number(id);
      const stamp = { sequence: number, bootId: 'b'.repeat(32), monotonicUs, realtimeUs: startUs + monotonicUs };
      journal.append({ MESSAGE: `${name} ${number}` }, stamp);
    }
    journal.close();
  }
  const damaged = await open(join(directory, 'user-1000.journal'), 'r+');
  const word = Buffer.alloc(8);
  word.writeBigUInt64LE(count);
  await damaged.write(word, 0, word.length, countAt);
  if (bytes !== undefined) await damaged.truncate(bytes);
  await damaged.close();
};

test.each([
  ['more than fit into it', 1_000_000n, undefined],
  ['more than can be counted in 53 bits', 2n ** 55n, undefined],
  ['as many as its holes would hold', 2n ** 32n, 2 ** 40],
])(
  'a file that claims entries it has not is read as far as it goes, and asked in no time: %s',
  async (_, count, bytes) => {
    await write(count, bytes);
    const source = createJournaldSource(journaldOptions.parse({ directory, reader: 'native' }), {
      clock: systemClock,
      logger: silentLogger,
      fields: [],
    });
    const all = await readCount(source, { kind: 'beginning' }, 10);
    expect(new Set(messagesOf(all)).size).toBe(10);
    const newest = some(all.find(({ fields }) => fields.get('MESSAGE') === 'system 5')).position.cursor();
    expect((await source.head(never))?.position.cursor()).toBe(newest);
    const third = some(all.find(({ fields }) => fields.get('MESSAGE') === 'system 3'));
    const rest = await readCount(source, { kind: 'after', cursor: third.position.cursor() }, 2);
    expect(messagesOf(rest)).toEqual(expect.arrayContaining(['system 4']));
  },
);
