import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogRecord, StartPoint } from '#sdk';
import { beginning, lostOf, messagesOf, readUntil, recordsOf } from '../../../../test/support/read-records.ts';
import { silentLogger } from '../../../../test/support/silent-logger.ts';
import { some } from '../../../../test/support/some.ts';
import { SimulatedJournal, type SimulatedStamp } from '../../../../test/support/simulated-journal.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../index.ts';

const hourUs = 3_600_000_000;
const boots = { first: 'a'.repeat(32), second: 'b'.repeat(32), third: 'c'.repeat(32) } as const;

type Writer = 'system' | 'user';

interface Line extends SimulatedStamp {
  readonly writer: Writer;
}

/** A line a second; up to systemd 253 the journals of users have a counter of their own name for the common numbers. */
const linesOf = (
  boot: keyof typeof boots,
  clockUs: number,
  from: number,
  writers: readonly Writer[],
): readonly Line[] =>
  writers.map((writer, index) => {
    const monotonicUs = 1_000_000 * (index + 1);
    return { writer, sequence: from + index, bootId: boots[boot], monotonicUs, realtimeUs: clockUs + monotonicUs };
  });

/** A host that starts again twice, each time with its clock an hour back. */
const nowUs = 1_795_000_000_000_000;
const lines = [
  ...linesOf('first', nowUs, 1, ['system', 'user', 'system', 'user', 'user']),
  ...linesOf('second', nowUs - hourUs, 6, ['system', 'user', 'system', 'system', 'user', 'user', 'system', 'user']),
  ...linesOf('third', nowUs - 2 * hourUs, 14, ['user', 'user', 'system', 'user', 'system']),
];

describe('a journal whose clock was set back between boots', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  const write = (written: readonly Line[]): void => {
    for (const [writer, sequenceId] of [
      ['system', '1'.repeat(32)],
      ['user', '2'.repeat(32)],
    ] as const) {
      const path = join(directory, `${writer === 'system' ? 'system' : 'user-1000'}.journal`);
      const journal = new SimulatedJournal(path, { isCompact: true, sequenceId, fileId: sequenceId });
      for (const line of written) {
        if (line.writer === writer) journal.append({ MESSAGE: `line ${line.sequence}`, _MACHINE_ID: 'own' }, line);
      }
      journal.close();
    }
  };

  const readFrom = async (start: StartPoint, isDone: (records: readonly LogRecord[]) => boolean) => {
    const options = journaldOptions.parse({ directory, reader: 'native' });
    const source = createJournaldSource(options, { clock: systemClock, logger: silentLogger, fields: [] });
    return await readUntil(source, start, (all) => isDone(recordsOf(all)));
  };

  const read = async (count: number) => {
    const messages = await readFrom(beginning, (records) => records.length >= count);
    const messagesRead = messagesOf(recordsOf(messages));
    return { entries: messagesRead.length, messages: new Set(messagesRead), lost: lostOf(messages) };
  };

  test('is read whole, each entry once, and none is said to be missing', async () => {
    write(lines);
    const messages = new Set(lines.map(({ sequence }) => `line ${sequence}`));
    expect(await read(lines.length)).toEqual({ entries: lines.length, messages, lost: 0 });
  });

  test.each(lines.slice(1).map((_, index) => index + 1))(
    'is read on after the first %i entries without leaving out one that is to come',
    async (count) => {
      write(lines);
      const all = recordsOf(await readFrom(beginning, ({ length }) => length >= lines.length));
      const cursor = some(all[count - 1]).position.cursor();
      const left = messagesOf(all.slice(count));
      const messages = await readFrom({ kind: 'after', cursor }, (records) => {
        const seen = new Set(messagesOf(records));
        return left.every((message) => seen.has(message));
      });
      expect(lostOf(messages)).toBe(0);
    },
  );

  test('has none missing of a boot that comes late, since only users wrote in it', async () => {
    const written = [
      ...linesOf('first', nowUs, 1, ['system', 'user', 'system']),
      ...linesOf('second', nowUs - hourUs, 4, ['user', 'user', 'user']),
      ...linesOf('third', nowUs - 2 * hourUs, 7, ['system', 'user', 'system']),
    ];
    write(written);
    expect(await read(written.length)).toMatchObject({ entries: written.length, lost: 0 });
  });

  test('has entries missing where no file holds a number', async () => {
    const kept = lines.filter(({ sequence }) => sequence !== 8 && sequence !== 9);
    write(kept);
    const messages = new Set(kept.map(({ sequence }) => `line ${sequence}`));
    expect(await read(kept.length)).toEqual({ entries: kept.length, messages, lost: 2 });
  });
});
