import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { memoryAgent } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource, type NumberedRecord } from '../../test/support/numbered-source.ts';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { CheckpointStore } from '../checkpoint/store.ts';
import { HistoryStore } from '../ledger/history-store.ts';
import type { Agent } from './agent.ts';
import { LedgerRecorder } from './ledger-recorder.ts';
import { LiveLedger } from './live-ledger.ts';
import { readSavedLedger } from './saved-ledger.ts';

const minute = 60_000;

let state: string;
/** Begins at 05:40: the next hour is 20 minutes away. */
let clock: VirtualClock;
let source: NumberedSource;
let destination: MemoryDestination;
let warnings: string[];

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-recorder-'));
  clock = new VirtualClock();
  source = new NumberedSource();
  destination = new MemoryDestination('one');
  warnings = [];
});
afterEach(() => rm(state, { recursive: true }));

const lines = (count: number, container = 'web'): readonly NumberedRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    MESSAGE: `line ${index}`,
    CONTAINER_NAME: container,
    CONTAINER_ID_FULL: container.padEnd(64, '0'),
    _COMM: 'dockerd',
  }));

const start = async () => {
  const agent = memoryAgent({ source, destinations: [destination], state, clock });
  await agent.start();
  const recorder = new LedgerRecorder({
    destinations: ['one'],
    checkpoints: new CheckpointStore(state, () => clock.now()),
    histories: new HistoryStore(state),
    clock,
    logger: { ...silentLogger, warn: (_, message) => void warnings.push(message) },
  });
  await recorder.start();
  return { agent, recorder, ledger: new LiveLedger(agent, recorder, clock, () => undefined) };
};

const stop = async ({ agent, recorder }: { agent: Agent; recorder: LedgerRecorder }): Promise<void> => {
  await recorder.close();
  await recorder.close();
  await agent.stop();
};

const pass = async (ms: number): Promise<void> => {
  const until = clock.now() + ms;
  await clock.runUntil(() => clock.now() >= until);
};

/** Virtual time may be ahead of the disk: all that was read so far is in a moment that is kept. */
const untilKept = async (ledger: LiveLedger): Promise<void> => {
  await clock.runUntil(() => {
    const [report] = ledger.report({ destination: 'one', sinceMs: clock.now() }).destinations;
    return report?.balance.read === 0;
  });
};

describe('the ledger of an agent', () => {
  test('counts since a past hour, over a restart, with what is pending', async () => {
    source.append(...lines(10));
    const first = await start();
    await pass(15 * minute);
    await untilKept(first.ledger);
    await pass(10 * minute);
    source.append(...lines(20));
    await pass(5 * minute);
    await stop(first);
    const second = await start();
    destination.answer = () => undefined;
    source.append(...lines(5), ...lines(3, 'db'));
    await pass(2000);
    const sinceMs = clock.now() - 7 * minute;
    const [report] = second.ledger.report({ destination: 'one', sinceMs }).destinations;
    expect(report).toMatchObject({
      balance: { read: 28, delivered: 20, pending: 8 },
      unexplained: 0,
      services: [
        { name: 'web', balance: { read: 25, delivered: 20, pending: 5 }, unexplained: 0 },
        { name: 'db', balance: { read: 3, delivered: 0, pending: 3 }, unexplained: 0 },
      ],
    });
    expect(report?.fromMs).toBeLessThanOrEqual(sinceMs);
    expect(second.ledger.report({ service: 'd*' }).destinations[0]).toMatchObject({ balance: { read: 3, pending: 3 } });
    await stop(second);
  });

  test('is told from the checkpoints when no agent runs', async () => {
    source.append(...lines(10));
    const run = await start();
    await pass(25 * minute);
    await untilKept(run.ledger);
    source.append(...lines(20));
    await pass(2000);
    await stop(run);
    const all = await readSavedLedger(state, {});
    expect(all.destinations).toMatchObject([{ name: 'one', balance: { read: 30, delivered: 30 }, unexplained: 0 }]);
    const recent = await readSavedLedger(state, { destination: 'one', sinceMs: clock.now() });
    expect(recent.destinations).toMatchObject([{ balance: { read: 20, delivered: 20, pending: 0 } }]);
    expect((await readSavedLedger(state, { destination: 'other' })).destinations).toEqual([]);
  });

  test('goes on without a history that can not be kept, and says so once', async () => {
    await writeFile(join(state, 'ledger'), 'in the way');
    const run = await start();
    await pass(22 * minute);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('no history of the ledger is kept');
    expect(run.ledger.report({ sinceMs: 0 }).destinations).toHaveLength(1);
    await stop(run);
  });
});
