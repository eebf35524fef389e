import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginning, lostOf, messagesOf, readUntil, recordsOf } from '../../../../test/support/read-records.ts';
import { silentLogger } from '../../../../test/support/silent-logger.ts';
import { SimulatedJournal, type SimulatedStamp } from '../../../../test/support/simulated-journal.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../index.ts';

const hourUs = 3_600_000_000;
const boots = { first: 'a'.repeat(32), second: 'b'.repeat(32) } as const;

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

/** A host that starts again with its clock an hour back. */
const nowUs = 1_795_000_000_000_000;
const lines = [
  ...linesOf('first', nowUs, 1, ['system', 'user', 'system', 'user', 'user']),
  ...linesOf('second', nowUs - hourUs, 6, ['system', 'user', 'system', 'system', 'user', 'user', 'system', 'user']),
];

describe('a journal whose clock was set back between two boots', () => {
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

  const read = async (count: number) => {
    const options = journaldOptions.parse({ directory, reader: 'native' });
    const source = createJournaldSource(options, { clock: systemClock, logger: silentLogger, fields: [] });
    const messages = await readUntil(source, beginning, (all) => recordsOf(all).length >= count);
    const messagesRead = messagesOf(recordsOf(messages));
    return { entries: messagesRead.length, messages: new Set(messagesRead), lost: lostOf(messages) };
  };

  test('is read whole, each entry once, and none is said to be missing', async () => {
    write(lines);
    const messages = new Set(lines.map(({ sequence }) => `line ${sequence}`));
    expect(await read(lines.length)).toEqual({ entries: lines.length, messages, lost: 0 });
  });

  test('has entries missing where no file holds a number', async () => {
    const kept = lines.filter(({ sequence }) => sequence !== 8 && sequence !== 9);
    write(kept);
    const messages = new Set(kept.map(({ sequence }) => `line ${sequence}`));
    expect(await read(kept.length)).toEqual({ entries: kept.length, messages, lost: 2 });
  });
});
