import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerLines } from '../../test/support/docker-lines.ts';
import { memoryAgent } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { formatCheckpoint, parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { delivered } from '../sdk/send-result.ts';

let state: string;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-rekey-'));
});

afterEach(() => rm(state, { recursive: true, force: true }));

test('under other templates nothing is lost of what was parked, and the ledger adds up', async () => {
  const clock = new VirtualClock();
  const source = new NumberedSource();
  const { records, texts } = dockerLines(7, 1000);
  const destination = new MemoryDestination('one');
  destination.answer = ({ key }) =>
    key === 'box-1' ? { status: 'denied', scope: 'batch', reason: 'no rights' } : delivered;
  const options = { source, destinations: [destination], state, clock, memoryBytes: 2_000_000 };
  const first = memoryAgent(options);
  await first.start();
  source.append(...records);
  const others = texts.filter((text) => !text.startsWith('box-1 ')).length;
  await clock.runUntil(() => destination.taken.length === others);
  await first.stop();

  const path = join(state, 'checkpoints', 'one.json');
  const saved = parseCheckpoint(await readFile(path, 'utf8'));
  expect(saved.parked).toMatchObject([{ key: 'box-1' }]);
  await writeFile(path, formatCheckpoint({ ...saved, keyedBy: '{{service}}' }));
  destination.answer = () => delivered;
  const second = memoryAgent(options);
  await second.start();
  await clock.runUntil(() => new Set(destination.taken).size === texts.length);
  await clock.runUntil(() =>
    second.destinations.every((one) => one.kind !== 'running' || one.lane.pendingRecords === 0),
  );
  const [status] = (await second.status()).destinations;
  expect(status).toMatchObject({ unexplained: 0, balance: { pending: 0, droppedTotal: 0 } });
  await second.stop();
});
