import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { dockerLines } from '../../test/support/docker-lines.ts';
import { JournalLines } from '../../test/support/journal-lines.ts';
import { lineKinds, openPieces } from '../../test/support/line-kinds.ts';
import { memoryAgent, memoryAssembler, memoryPlan } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { delivered, type SendResult } from '../sdk/send-result.ts';
import type { Batch } from '../sdk/batch.ts';
import type { Agent } from './agent.ts';
import { Feed } from './feed.ts';
import { feedBytes, laneBytes, leastMemory, openLineBytes, replayBytes } from './memory-shares.ts';
import type { ReplayMessage } from './replay/replay-report.ts';

const mebibyte = 1024 * 1024;
const maxMessageBytes = 65_536;
const memoryBytes = 8 * mebibyte;

let state: string;
let clock: VirtualClock;
let source: NumberedSource;
let peakBytes: number;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-budget-'));
  peakBytes = 0;
});

afterEach(() => rm(state, { recursive: true, force: true }));

const moods = ['sound', 'down', 'slow', 'silent', 'some keys denied', 'picky', 'refuses some'] as const;
type Mood = (typeof moods)[number];

const isDenied = (key: string): boolean => /[37]$/.test(key);

/** The beginning of a line, with its number: no other has the same. */
const headOf = (text: string): string => z.object({ message: z.string() }).parse(JSON.parse(text)).message.slice(0, 20);

/** Some lines are bad for good. */
const isBad = (head: string): boolean => /^box-\d+ \d*[37] /.test(head);

/** The heads of lines that a destination refused for good. */
const refusedBy = new Map<MemoryDestination, Set<string>>();

const refuseSome = (destination: MemoryDestination, { entries }: Batch): SendResult => {
  const refused = refusedBy.get(destination) ?? new Set();
  refusedBy.set(destination, refused);
  const rejected = entries.flatMap(({ text }, index) => (isBad(headOf(text)) ? [{ index, reason: 'bad' }] : []));
  for (const { index } of rejected) refused.add(headOf(entries[index]?.text ?? ''));
  return { status: 'partial', rejected, retry: [] };
};

const setMood = (destination: MemoryDestination, mood: Mood): void => {
  destination.delayMs = mood === 'slow' ? 400 : 0;
  destination.answer = (batch) => {
    const { key, entries } = batch;
    if (mood === 'down') return { status: 'retry', scope: 'destination', reason: 'down' };
    if (mood === 'silent') return undefined;
    if (mood === 'some keys denied' && isDenied(key)) return { status: 'denied', scope: 'batch', reason: 'no' };
    if (mood === 'picky' && entries.length > 1) return { status: 'split', reason: 'large' };
    if (mood === 'refuses some') return refuseSome(destination, batch);
    return delivered;
  };
};

/** What is held of a budget beyond what each part may; '' as a rule. */
const excessOf = (agent: Agent, budgetBytes: number): string => {
  const feeds = agent.readers.flatMap((reader) => (reader instanceof Feed ? [reader.heldBytes] : []));
  const lanes = agent.destinations.reduce((sum, one) => sum + (one.kind === 'running' ? one.lane.heldBytes : 0), 0);
  const parts: Readonly<Record<string, readonly [heldBytes: number, mostBytes: number]>> = {
    all: [agent.heldBytes, budgetBytes],
    'a feed': [Math.max(0, ...feeds), feedBytes(budgetBytes)],
    'the lanes': [lanes, laneBytes(budgetBytes, 1)],
    'the replay': [agent.replays.heldBytes, replayBytes(budgetBytes)],
  };
  const exceeded = Object.entries(parts).filter(([, [heldBytes, mostBytes]]) => heldBytes > mostBytes);
  return exceeded.map(([part, [heldBytes, mostBytes]]) => `${part}: ${heldBytes} bytes of ${mostBytes}`).join(', ');
};

/** Lets time pass, and looks at the memory that is held all the while. */
const runUntil = async (agent: Agent, isDone: () => boolean, budgetBytes = memoryBytes): Promise<void> => {
  await clock.runUntil(() => {
    const excess = excessOf(agent, budgetBytes);
    if (excess !== '') throw new Error(`more is held than may be: ${excess}`);
    peakBytes = Math.max(peakBytes, agent.heldBytes);
    return isDone();
  });
};

const runFor = async (agent: Agent, ms: number, budgetBytes = memoryBytes): Promise<void> => {
  const endMs = clock.now() + ms;
  await runUntil(agent, () => clock.now() >= endMs, budgetBytes);
};

const createDestinations = (count: number): readonly MemoryDestination[] =>
  Array.from({ length: count }, (_, index) => {
    const destination = new MemoryDestination(`d${index}`);
    destination.encode = (item) => item.text('structured');
    return destination;
  });

/** Heads of lines that a destination neither got nor refused for good. */
const missingAt = (destination: MemoryDestination, heads: readonly string[]): readonly string[] => {
  const got = new Set([...destination.taken.map(headOf), ...(refusedBy.get(destination) ?? [])]);
  return heads.filter((head) => !got.has(head));
};

const replayOf = async (agent: Agent, untilMs: number, messages: ReplayMessage[]): Promise<void> => {
  const request = { destination: 'd0', sinceMs: 0, untilMs, linesPerSecond: 2000, dryRun: false };
  for await (const message of agent.replays.run(request, new AbortController().signal)) messages.push(message);
};

/** True when every destination has read so many records, and nothing of them is pending. */
const isSettled = (agent: Agent, records: number): boolean =>
  agent.destinations.every((one) => {
    if (one.kind !== 'running') return false;
    const { read, pending } = one.account.balance(one.lane.pendingRecords);
    return read === records && pending === 0;
  });

const checkAccounts = async (agent: Agent): Promise<void> => {
  const { destinations } = await agent.status();
  expect(destinations.map(({ unexplained }) => unexplained)).toEqual(destinations.map(() => 0));
};

describe('The memory budget', () => {
  const lanes = 4;
  const phase = fc.record({
    appended: fc.nat(800),
    moods: fc.array(fc.constantFrom(...moods), { minLength: lanes + 1, maxLength: lanes + 1 }),
    lastsMs: fc.constantFrom(500, 3000, 40_000),
  });

  test('holds whatever comes together: outages, open lines of 200 containers, huge lines, a replay, a destination more', async () => {
    expect(leastMemory(maxMessageBytes, lanes + 1)).toBeLessThanOrEqual(memoryBytes);
    await fc.assert(
      fc.asyncProperty(fc.array(phase, { minLength: 2, maxLength: 3 }), fc.integer(), async (plan, seed) => {
        await rm(state, { recursive: true, force: true });
        clock = new VirtualClock();
        refusedBy.clear();
        source = new NumberedSource(clock.now() * 1000 - 100_000_000);
        let [recordCount, lineCount] = [0, 0];
        const heads: string[] = [];
        /** Whole lines: what the source received so long before the clock's time would be closed in their middle. */
        const append = (count: number): void => {
          const options = { containers: 200, longest: maxMessageBytes - 100, firstNumber: lineCount };
          const { records, texts } = dockerLines(seed + lineCount, count, options);
          source.append(...records);
          heads.push(...texts.map((text) => text.slice(0, 20)));
          recordCount += records.length;
          lineCount += texts.length;
        };
        const destinations = createDestinations(lanes + 1);
        const options = { source, destinations: destinations.slice(1), maxEvents: 20, maxMessageBytes };
        const agent = memoryAgent({ ...options, state, clock, memoryBytes });
        await agent.start();
        append(500);
        await runFor(agent, 1000);
        await agent.reload(memoryPlan({ ...options, destinations }));
        const told: ReplayMessage[] = [];
        const replayed = replayOf(agent, clock.now(), told);
        for (const { appended: count, moods: wanted, lastsMs } of plan) {
          for (const [index, destination] of destinations.entries()) setMood(destination, wanted[index] ?? 'sound');
          append(count);
          await runFor(agent, lastsMs);
          await checkAccounts(agent);
        }
        for (const destination of destinations) setMood(destination, 'sound');
        await runUntil(agent, () => isSettled(agent, recordCount));
        for (const destination of destinations) expect(missingAt(destination, heads)).toEqual([]);
        await runUntil(agent, () => told.at(-1)?.kind === 'result');
        await replayed;
        await checkAccounts(agent);
        await agent.stop();
      }),
      { numRuns: Number(process.env['SLUICE_BUDGET_RUNS'] ?? 4) },
    );
    // It was put to the test.
    expect(peakBytes).toBeGreaterThan(memoryBytes / 2);
  });
});

test('The memory budget holds when destinations join one that is dead and full', async () => {
  clock = new VirtualClock();
  source = new NumberedSource();
  const destinations = createDestinations(4);
  for (const destination of destinations) setMood(destination, 'down');
  const { records, texts } = dockerLines(1, 4000);
  source.append(...records);
  const options = { source, maxEvents: 20, maxMessageBytes, memoryBytes: mebibyte };
  const agent = memoryAgent({ ...options, destinations: destinations.slice(0, 1), state, clock });
  await agent.start();
  await runFor(agent, 5000, mebibyte);
  let isReloaded = false;
  const reloaded = agent.reload(memoryPlan({ ...options, destinations })).finally(() => {
    isReloaded = true;
  });
  await runUntil(agent, () => isReloaded, mebibyte);
  await reloaded;
  await runFor(agent, 5000, mebibyte);
  const heldByLanes = agent.destinations.map((one) => (one.kind === 'running' ? one.lane.heldBytes : 0));
  expect(Math.min(...heldByLanes)).toBeGreaterThan(laneBytes(mebibyte, destinations.length) / 2);
  for (const destination of destinations) setMood(destination, 'sound');
  await runUntil(agent, () => isSettled(agent, records.length), mebibyte);
  const heads = texts.map((text) => text.slice(0, 20));
  for (const destination of destinations) expect(missingAt(destination, heads)).toEqual([]);
  await agent.stop();
});

test('lines of 64 KiB that 200 containers write at once are whole at the default budget', () => {
  const journal = new JournalLines(lineKinds['lines that are open'], mebibyte);
  const assembler = memoryAssembler(undefined, undefined, openLineBytes(feedBytes(128 * mebibyte)));
  const pieces = Array.from({ length: openPieces }, (_, number) => journal.recordOf(number));
  const items = pieces.map((record, sequence) => assembler.assemble(record, sequence));
  expect(items.filter(({ event, joined }) => event !== undefined || joined.length > 0)).toEqual([]);
  expect(assembler.openBytes).toBeGreaterThan(openPieces * 16_384);
});
