import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { journalFields } from '../../src/pipeline/journal-fields.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { describeSource } from '../contracts/source.ts';
import { requireComponents } from '../support/components.ts';
import { numberedEntries, writeJournal } from '../support/journal.ts';
import { beginning, readToHead } from '../support/read-records.ts';
import { forEachReader } from '../support/readers.ts';
import { silentLogger } from '../support/silent-logger.ts';
import { some } from '../support/some.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(30_000);

const describeJournald = forEachReader(requireComponents('journalctl', 'systemd-journal-remote'));

describeJournald('journald', (reader) => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const createSource = (section: object): Source =>
    createJournaldSource(journaldOptions.parse({ directory, reader, ...section }), {
      clock: systemClock,
      logger: silentLogger,
      fields: journalFields,
    });

  describeSource(`the ${reader} reader`, async ({ maxMessageBytes }) => {
    const own = await mkdtemp(join(directory, 'contract-'));
    return {
      source: createSource({
        directory: own,
        fields: ['OTHER'],
        max_message: `${maxMessageBytes ?? 1024 ** 2}B`,
      }),
      append: async (entries) => await writeJournal(join(own, 'system.journal'), entries),
      close: async () => await rm(own, { recursive: true }),
    };
  });

  const readNames = async (section: object): Promise<readonly (string | undefined)[]> => {
    const [record] = await readToHead(createSource(section), beginning);
    return ['MESSAGE', 'MY_FIELD', 'OTHER_FIELD'].map((name) => record?.fields.get(name));
  };

  test('cuts 60 MB in one line and reads on', async () => {
    const [entry, next] = numberedEntries(2);
    const long = { ...some(entry), fields: { MESSAGE: Buffer.alloc(60_000_000, 'x'), PRIORITY: '3' } };
    await writeJournal(join(directory, 'system.journal'), [long, some(next)]);
    const [record, after] = await readToHead(createSource({}), beginning);
    expect(record?.truncatedBytes).toBe(60_000_000 - 1024 ** 2);
    expect(after?.fields.get('MESSAGE')).toBe('line 1');
  });

  test('hands over only the fields that were asked for', async () => {
    const [entry] = numberedEntries(1);
    const fields = { MESSAGE: 'a', MY_FIELD: 'b', OTHER_FIELD: 'c' };
    await writeJournal(join(directory, 'system.journal'), [{ ...some(entry), fields }]);
    expect(await readNames({})).toEqual(['a', undefined, undefined]);
    expect(await readNames({ fields: ['MY_FIELD'] })).toEqual(['a', 'b', undefined]);
    expect(await readNames({ fields: 'all' })).toEqual(['a', 'b', 'c']);
  });

  test('reads only what matches, and does not guess how many lie between', async () => {
    await writeJournal(join(directory, 'system.journal'), numberedEntries(50));
    const source = createSource({ match: ['MESSAGE=line 7', 'MESSAGE=line 30'] });
    const [first, second] = await readToHead(source, beginning);
    expect([first, second].map((record) => record?.fields.get('MESSAGE'))).toEqual(['line 7', 'line 30']);
    expect(source.recordsBetween(some(first).position.cursor(), some(second).position)).toBeUndefined();
    const rest = await readToHead(source, { kind: 'after', cursor: some(first).position.cursor() });
    expect(rest.map((record) => record.fields.get('MESSAGE'))).toEqual(['line 30']);
  });
});
