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

const namesOf = (written: readonly Line[]): readonly string[] => written.map(({ sequence }) => `line ${sequence}`);

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

  const read = async (count: number, start = beginning) => {
    const messages = await readFrom(start, (records) => records.length >= count);
    return { messages: messagesOf(recordsOf(messages)), lost: lostOf(messages) };
  };

  test('is read as it was written, and no entry is said to be missing', async () => {
    write(lines);
    expect(await read(lines.length)).toEqual({ messages: namesOf(lines), lost: 0 });
  });

  test.each(lines.slice(1).map((_, index) => index + 1))(
    'is read on after the first %i entries with what is to come, and nothing else',
    async (count) => {
      write(lines);
      const all = recordsOf(await readFrom(beginning, ({ length }) => length >= lines.length));
      const start: StartPoint = { kind: 'after', cursor: some(all[count - 1]).position.cursor() };
      const left = lines.length - count;
      expect(await read(left, start)).toEqual({ messages: namesOf(lines.slice(count)), lost: 0 });
    },
  );

  test('is read on when the host has started again, with what was written since', async () => {
    const before = linesOf('first', nowUs, 1, ['system', 'user', 'system', 'user', 'user']);
    const since = linesOf('second', nowUs - hourUs, 6, ['system', 'system', 'system', 'user', 'system']);
    write(before);
    const [newest] = recordsOf(await readFrom(beginning, ({ length }) => length >= before.length)).slice(-1);
    write([...before, ...since]);
    const start: StartPoint = { kind: 'after', cursor: some(newest).position.cursor() };
    expect(await read(since.length, start)).toEqual({ messages: namesOf(since), lost: 0 });
  });

  test('is not repeated for a boot of long ago whose clock was years ahead', async () => {
    const years = [
      ...linesOf('first', nowUs + 90_000 * hourUs, 1, ['user', 'system', 'user']),
      ...linesOf('second', nowUs, 4, ['user', 'system', 'user', 'system', 'system']),
    ];
    write(years);
    const all = recordsOf(await readFrom(beginning, ({ length }) => length >= years.length));
    const start: StartPoint = { kind: 'after', cursor: some(all[years.length - 2]).position.cursor() };
    expect(await read(1, start)).toEqual({ messages: namesOf(years.slice(-1)), lost: 0 });
    const since: StartPoint = { kind: 'since', timeUs: nowUs + 4_000_000 };
    expect((await read(2, since)).messages).toEqual(namesOf(years.slice(-2)));
  });

  test('has none missing of a boot that comes late, since only users wrote in it', async () => {
    const written = [
      ...linesOf('first', nowUs, 1, ['system', 'user', 'system']),
      ...linesOf('second', nowUs - hourUs, 4, ['user', 'user', 'user']),
      ...linesOf('third', nowUs - 2 * hourUs, 7, ['system', 'user', 'system']),
    ];
    write(written);
    expect(await read(written.length)).toEqual({ messages: namesOf(written), lost: 0 });
  });

  test('has entries missing where no file holds a number', async () => {
    const kept = lines.filter(({ sequence }) => sequence !== 8 && sequence !== 9);
    write(kept);
    expect(await read(kept.length)).toEqual({ messages: namesOf(kept), lost: 2 });
  });
});
