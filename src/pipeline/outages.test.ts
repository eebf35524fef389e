import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../test/bench/random.ts';
import { coverageOf } from '../../test/support/checkpoint-coverage.ts';
import { dockerLines } from '../../test/support/docker-lines.ts';
import { memoryAgent, memoryPlan } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { parseCheckpoint } from '../checkpoint/checkpoint.ts';
import { delivered } from '../sdk/send-result.ts';
import type { Agent } from './agent.ts';

let state: string;
let clock: VirtualClock;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-outages-'));
  clock = new VirtualClock();
});

afterEach(() => rm(state, { recursive: true, force: true }));

const pathOf = ({ name }: MemoryDestination): string => join(state, 'checkpoints', `${name}.json`);

/** Ends an agent as SIGKILL would: what it settles or saves from now on did not happen. */
const kill = async (agent: Agent, destinations: readonly MemoryDestination[]): Promise<void> => {
  const saved = await Promise.all(destinations.map((one) => readFile(pathOf(one), 'utf8').catch(() => undefined)));
  for (const destination of destinations) destination.answer = () => undefined;
  await agent.stop();
  for (const [index, destination] of destinations.entries()) {
    const text = saved[index];
    if (text === undefined) await rm(pathOf(destination), { force: true });
    else await writeFile(pathOf(destination), text);
  }
};

const moods = ['sound', 'down', 'slow', 'silent', 'one key denied', 'keys busy', 'picky'] as const;
type Mood = (typeof moods)[number];

const setMood = (destination: MemoryDestination, mood: Mood, random: () => number): void => {
  destination.delayMs = mood === 'slow' ? 400 : 0;
  destination.answer = (batch) => {
    if (mood === 'down') return { status: 'retry', scope: 'destination', reason: 'down' };
    if (mood === 'silent') return undefined;
    if (mood === 'keys busy' && random() < 0.7) return { status: 'retry', scope: 'batch', reason: 'busy' };
    if (mood === 'one key denied' && batch.key === 'box-1') return { status: 'denied', scope: 'batch', reason: 'no' };
    if (mood === 'picky' && batch.entries.length > 1) return { status: 'split', reason: 'large' };
    return delivered;
  };
};

const placeOf = (cursor: string): number => Number(cursor.slice(1));

/** How many lines that a destination has taken its checkpoint does not know of: these may come again after a kill. */
const uncoveredAt = async (destination: MemoryDestination): Promise<number> => {
  const text = await readFile(pathOf(destination), 'utf8').catch(() => undefined);
  const isCovered = coverageOf(text === undefined ? undefined : parseCheckpoint(text), placeOf);
  const uncovered = destination.takenFrom.filter(({ position, key }) => {
    const { receivedUs } = position;
    return !isCovered({ receivedUs, id: () => position.id(), place: placeOf(position.cursor()) }, key);
  });
  return new Set(uncovered.map(({ position }) => position.cursor())).size;
};

const memoryBytes = 400_000;
const checkNow = async (agent: Agent): Promise<void> => {
  const { destinations } = await agent.status();
  expect(destinations.map(({ unexplained }) => unexplained)).toEqual(destinations.map(() => 0));
  expect(agent.heldBytes).toBeLessThanOrEqual(memoryBytes);
};

const streamOf = (text: string): string => text.slice(0, text.indexOf(' '));

/** Texts of a stream in the order in which they were first taken. */
const firstTaken = (taken: readonly string[], stream: string): readonly string[] =>
  [...new Set(taken)].filter((text) => streamOf(text) === stream);

describe('Feeds and lanes', () => {
  const lanes = 4;
  const phase = fc.record({
    appended: fc.nat(400),
    moods: fc.array(fc.constantFrom(...moods), { minLength: lanes, maxLength: lanes }),
    lastsMs: fc.constantFrom(50, 500, 3000, 40_000),
    isKilled: fc.boolean(),
    isReloaded: fc.boolean(),
  });

  test('give every destination every line in order, whole, and once but for what a kill cuts off, whatever their outages', async () => {
    const phases = fc.array(phase, { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(phases, fc.integer(), fc.boolean(), async (plan, seed, mayKill) => {
        await rm(state, { recursive: true, force: true });
        clock = new VirtualClock();
        const { records, texts } = dockerLines(seed, 1200);
        const random = seededRandom(seed);
        const source = new NumberedSource();
        const destinations = Array.from({ length: lanes }, (_, index) => new MemoryDestination(`d${index}`));
        const start = async (): Promise<Agent> => {
          const agent = memoryAgent({ source, destinations, state, clock, memoryBytes, maxEvents: 5 });
          await agent.start();
          return agent;
        };
        let agent = await start();
        let appended = 0;
        const mayRepeat = destinations.map(() => 0);
        for (const { appended: count, moods: wanted, lastsMs, isKilled, isReloaded } of plan) {
          for (const [index, destination] of destinations.entries())
            setMood(destination, wanted[index] ?? 'sound', random);
          source.append(...records.slice(appended, appended + count));
          appended += count;
          const endMs = clock.now() + lastsMs;
          await clock.runUntil(() => clock.now() >= endMs);
          await checkNow(agent);
          if (isReloaded) await agent.reload(memoryPlan({ source, destinations, maxEvents: 5 }));
          if (!isKilled || !mayKill) continue;
          await kill(agent, destinations);
          for (const [index, destination] of destinations.entries()) {
            mayRepeat[index] = (mayRepeat[index] ?? 0) + (await uncoveredAt(destination));
          }
          agent = await start();
        }
        for (const destination of destinations) setMood(destination, 'sound', random);
        source.append(...records.slice(appended));
        await clock.runUntil(() => destinations.every(({ taken }) => new Set(taken).size >= texts.length));
        await checkNow(agent);
        for (const [index, { taken }] of destinations.entries()) {
          expect(new Set(taken).size).toBe(texts.length);
          expect(taken.length - texts.length).toBeLessThanOrEqual(mayRepeat[index] ?? 0);
          for (const stream of new Set(texts.map(streamOf))) {
            expect(firstTaken(taken, stream)).toEqual(firstTaken(texts, stream));
          }
        }
        await agent.stop();
      }),
      { numRuns: Number(process.env['SLUICE_OUTAGE_RUNS'] ?? 5) },
    );
  });

  test('keep the pace of the fastest while another destination is slow, not dead', async () => {
    const source = new NumberedSource();
    const [fast, slow] = [new MemoryDestination('fast'), new MemoryDestination('slow')];
    slow.delayMs = 100;
    const { records, texts } = dockerLines(1, 5000);
    source.append(...records);
    const agent = memoryAgent({ source, destinations: [slow, fast], state, clock, memoryBytes: 4_600_000 });
    const startedMs = clock.now();
    await agent.start();
    await clock.runUntil(() => fast.taken.length === texts.length);
    expect(clock.now() - startedMs).toBeLessThan(1000);
    expect(slow.taken.length).toBeLessThan(texts.length / 2);
    await agent.stop();
  });

  test('take turns, not a reader each moment, when more lanes are behind than feeds may be', async () => {
    const source = new NumberedSource();
    const slow = Array.from({ length: 6 }, (_, index) => new MemoryDestination(`slow-${index}`));
    const fast = new MemoryDestination('fast');
    for (const [index, destination] of slow.entries()) destination.delayMs = 250 + 10 * index;
    const { records, texts } = dockerLines(2, 5000);
    source.append(...records);
    const agent = memoryAgent({ source, destinations: [fast, ...slow], state, clock, memoryBytes });
    await agent.start();
    const endMs = clock.now() + 30_000;
    await clock.runUntil(() => clock.now() >= endMs);
    expect(fast.taken).toHaveLength(texts.length);
    expect(source.readers).toBeLessThan(25);
    for (const { taken } of slow) expect(taken.length).toBeGreaterThan(50);
    await agent.stop();
  });

  test('leave at once all that keep a window from moving, wherever they stand', async () => {
    const source = new NumberedSource();
    const destinations = Array.from({ length: 20 }, (_, index) => new MemoryDestination(`d${index}`));
    const [sound, ...dying] = destinations;
    for (const [index, destination] of dying.entries()) {
      destination.answer = () =>
        destination.taken.length < index * 20 ? delivered : { status: 'retry', scope: 'destination', reason: 'down' };
    }
    const { records, texts } = dockerLines(3, 5000);
    source.append(...records);
    const agent = memoryAgent({ source, destinations, state, clock, memoryBytes: 4_600_000 });
    const startedMs = clock.now();
    await agent.start();
    await clock.runUntil(() => sound?.taken.length === texts.length);
    expect(clock.now() - startedMs).toBeLessThan(1500);
    await agent.stop();
  });
});
