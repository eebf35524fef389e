import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JournalLines } from './journal-lines.ts';
import { type LineKind, lineKinds, openPieces } from './line-kinds.ts';
import { memoryAgent } from './memory-agent.ts';
import { MemoryDestination } from './memory-destination.ts';
import { some } from './some.ts';
import { VirtualClock } from './virtual-clock.ts';

const collect = some(globalThis.gc);

/** What is alive on the heap and outside of it, in bytes. */
const aliveBytes = async (): Promise<number> => {
  for (let round = 0; round < 3; round += 1) {
    await delay(10);
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/**
 * Lets an agent whose only destination is dead read lines of a kind until it is full, and prints what it says that it holds
 * and what it does hold. Parameters: the kind, its budget in bytes, and whether they are all of `one writer`.
 */
const measure = async (kind: LineKind, memoryBytes: number, isOneWriter: boolean): Promise<void> => {
  const state = await mkdtemp(join(tmpdir(), 'sluice-memory-'));
  const clock = new VirtualClock();
  const source = new JournalLines(lineKinds[kind], 1_048_576, isOneWriter);
  const dead = new MemoryDestination('dead');
  dead.answer = () => ({ status: 'retry', scope: 'destination', reason: 'down' });
  dead.encode = (item) => item.text('structured');
  const agent = memoryAgent({ source, destinations: [dead], state, clock, memoryBytes, maxEvents: 500 });
  await agent.start();
  await clock.runUntil(() => agent.readers.length > 0);
  const before = await aliveBytes();
  // Lines that are open fill no lane.
  source.count = kind === 'lines that are open' ? openPieces : Number.POSITIVE_INFINITY;
  const isRead = async (): Promise<boolean> => {
    const { recordsRead } = await agent.status();
    return recordsRead >= source.count || agent.readers.every(({ isPaused }) => isPaused);
  };
  while (!(await isRead())) await delay(1);
  const { heldBytes } = agent;
  const alive = (await aliveBytes()) - before;
  process.stdout.write(`${JSON.stringify({ saidBytes: heldBytes, aliveBytes: alive })}\n`);
  await rm(state, { recursive: true });
  process.exit();
};

const isKind = (name: string): name is LineKind => Object.hasOwn(lineKinds, name);

const [kind = '', memoryBytes, writers] = process.argv.slice(2);
if (!isKind(kind)) throw new TypeError(`there are no ${kind}`);
await measure(kind, Number(memoryBytes), writers === 'one writer');
