import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerLines } from '../../../test/support/docker-lines.ts';
import { memoryAgent, memoryPlan } from '../../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../../test/support/memory-destination.ts';
import { NumberedSource, type NumberedRecord } from '../../../test/support/numbered-source.ts';
import { some } from '../../../test/support/some.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { unexplained } from '../../ledger/balance.ts';
import { compileGlob } from '../../policy/match/glob.ts';
import { ruleSchema } from '../../policy/rules/rule.ts';
import { delivered } from '../../sdk/send-result.ts';
import type { Agent } from '../agent.ts';
import { feedBytes, laneBytes, liveFeeds, replayBytes } from '../memory-shares.ts';
import type { ReplayMessage, ReplayResult } from './replay-report.ts';
import type { ReplayRequest } from './replay-request.ts';

/** Each record of the source is a millisecond after the one before. */
const beginsMs = 1_795_326_000_000 - 3_600_000;
const sinceUs = beginsMs * 1000;

let state: string;
let clock: VirtualClock;
let source: NumberedSource;
let destination: MemoryDestination;
/** What live traffic brought. */
let firstTaken: MemoryDestination['takenFrom'];

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-replay-'));
  clock = new VirtualClock();
  source = new NumberedSource(sinceUs);
  destination = new MemoryDestination('one');
});

afterEach(() => rm(state, { recursive: true, force: true }));

const requestOf = (overrides: Partial<ReplayRequest> = {}): ReplayRequest => ({
  destination: 'one',
  sinceMs: beginsMs,
  untilMs: clock.now(),
  linesPerSecond: 1000,
  dryRun: false,
  ...overrides,
});

/** Lets a replay run to its end. */
class Running {
  readonly messages: ReplayMessage[] = [];
  result: ReplayResult | undefined;
  error: Error | undefined;

  constructor(agent: Agent, request: ReplayRequest, signal = new AbortController().signal) {
    void this.#follow(agent.replays.run(request, signal)).catch((error: Error) => {
      this.error = error;
    });
  }

  get isOver(): boolean {
    return this.result !== undefined || this.error !== undefined;
  }

  async #follow(told: AsyncIterable<ReplayMessage>): Promise<void> {
    for await (const message of told) {
      this.messages.push(message);
      if (message.kind === 'result') this.result = message.result;
    }
  }
}

const replay = async (agent: Agent, request: ReplayRequest): Promise<ReplayResult> => {
  const running = new Running(agent, request);
  await clock.runUntil(() => running.isOver);
  if (running.error !== undefined) throw running.error;
  return some(running.result);
};

/** An agent that has delivered all that the source holds. */
const startAndDeliver = async (options: Partial<Parameters<typeof memoryAgent>[0]> = {}): Promise<Agent> => {
  const agent = memoryAgent({ source, destinations: [destination], state, clock, memoryBytes: 1_000_000, ...options });
  await agent.start();
  await clock.runUntil(() => isSettled(agent));
  destination.taken.length = 0;
  firstTaken = destination.takenFrom.splice(0);
  return agent;
};

const laneOf = (agent: Agent) => some(agent.destinations.flatMap((one) => (one.kind === 'running' ? [one] : []))[0]);

const isSettled = (agent: Agent): boolean => {
  const { account, lane } = laneOf(agent);
  return account.balance(0).read > 0 && lane.pendingRecords === 0 && lane.heldBytes === 0;
};

/** Lines of two services, box and shop, with two containers each. */
const linesOf = (seed: number, count: number): readonly NumberedRecord[] =>
  dockerLines(seed, count).records.map((record) => Object.assign(record, serviceOf(record)));

const serviceOf = ({ CONTAINER_NAME: name = '' }: NumberedRecord) => ({
  CONTAINER_NAME: name > 'box-1' ? name.replace('box', 'shop') : name,
});

const sumOf = (tally: Readonly<Partial<Record<string, number>>>): number =>
  Object.values(tally).reduce((sum: number, count = 0) => sum + count, 0);

describe('A replay', () => {
  test('sends all of the span once more, and nothing else, with the ids of the first time', async () => {
    source.append(...linesOf(1, 600));
    const agent = await startAndDeliver();
    const first = firstTaken.map(({ position }) => position);
    const [sinceMs, untilMs] = [beginsMs + 100, beginsMs + 399];
    const result = await replay(agent, requestOf({ sinceMs, untilMs }));
    const wanted = first.filter(({ receivedUs }) => receivedUs >= sinceMs * 1000 && receivedUs <= untilMs * 1000);
    const again = destination.takenFrom.map(({ position }) => position.id());
    expect(again.toSorted()).toEqual(wanted.map((position) => position.id()).toSorted());
    expect(result).toMatchObject({ outcome: 'complete', reason: '', progress: { share: 1, pending: 0, dropped: {} } });
    expect(result.progress.delivered).toBe(result.progress.read);
    await agent.stop();
  });

  test('keeps its own account: the ledger and the checkpoint of the destination do not change', async () => {
    source.append(...linesOf(2, 300));
    const agent = await startAndDeliver();
    const { account, lane, saver } = laneOf(agent);
    await saver.close();
    const before = [account.balance(lane.pendingRecords), await readFile(join(state, 'checkpoints/one.json'), 'utf8')];
    await replay(agent, requestOf());
    expect(destination.taken.length).toBeGreaterThan(0);
    expect([account.balance(lane.pendingRecords), await readFile(join(state, 'checkpoints/one.json'), 'utf8')]).toEqual(
      before,
    );
    await agent.stop();
  });

  test('holds to rules and routes, and counts what they take away', async () => {
    source.append(...linesOf(3, 300));
    const rules = [ruleSchema.parse({ match: { service: 'box' }, min_level: 'error' })];
    const agent = await startAndDeliver({ rules });
    const { progress } = await replay(agent, requestOf());
    expect(new Set(destination.takenFrom.map(({ key }) => key))).toEqual(new Set(['shop-2', 'shop-3']));
    expect(progress.dropped['filtered by rule']).toBeGreaterThan(0);
    expect(progress.read).toBe(progress.delivered + sumOf(progress.dropped));
    await agent.stop();
  });

  test('keeps its rate', async () => {
    source.append(...linesOf(4, 1000));
    const agent = await startAndDeliver();
    const { seconds } = await replay(agent, requestOf({ linesPerSecond: 50 }));
    const { length } = destination.taken;
    expect(length).toBeLessThanOrEqual(50 * (seconds + 0.2));
    expect(length).toBeGreaterThan(40 * seconds);
    await agent.stop();
  });

  test('tells how far it is, and how long it still takes', async () => {
    source.append(...linesOf(5, 1000));
    const agent = await startAndDeliver();
    const running = new Running(agent, requestOf({ untilMs: beginsMs + 999, linesPerSecond: 100 }));
    await clock.runUntil(() => running.isOver);
    const told = running.messages.flatMap((message) => (message.kind === 'progress' ? [message.progress] : []));
    expect(told.length).toBeGreaterThan(3);
    expect(told.map(({ share }) => share)).toEqual(
      told.map(({ share }) => share).toSorted((one, other) => one - other),
    );
    const middle = some(told[Math.floor(told.length / 2)]);
    const { seconds } = some(running.result);
    expect((middle.secondsLeft ?? 0) + (told.length / 2) * 1).toBeGreaterThan(seconds / 2);
    expect((middle.secondsLeft ?? 0) + (told.length / 2) * 1).toBeLessThan(seconds * 2);
    await agent.stop();
  });

  test('waits for a destination that refuses, and says so', async () => {
    source.append(...linesOf(6, 200));
    const agent = await startAndDeliver();
    destination.answer = () => ({ status: 'denied', scope: 'destination', reason: 'the key is gone' });
    const running = new Running(agent, requestOf());
    const isTold = ({ messages }: Running): boolean =>
      messages.some((one) => one.kind === 'progress' && one.progress.condition.reason === 'the key is gone');
    await clock.runUntil(() => isTold(running));
    expect(agent.replays.progress).toMatchObject([{ condition: { state: 'denied' } }]);
    destination.answer = () => delivered;
    await clock.runUntil(() => running.isOver);
    expect(running.result).toMatchObject({ outcome: 'complete', progress: { pending: 0 } });
    expect(agent.replays.progress).toEqual([]);
    await agent.stop();
  });

  test('ends with lines that are refused last and so may not be to blame', async () => {
    const { records, texts } = dockerLines(7, 100);
    source.append(...records);
    const agent = await startAndDeliver();
    const poison = texts.at(-1);
    destination.answer = ({ entries }) =>
      entries.some(({ text }) => text === poison) ? { status: 'rejected', reason: 'bad' } : delivered;
    // One by one, so that nothing is delivered after the last.
    const result = await replay(agent, requestOf({ linesPerSecond: 5 }));
    expect(result).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('the last lines were refused') });
    expect(result.progress.pending).toBeGreaterThan(0);
    expect(destination.taken).toHaveLength(texts.length - 1);
    await agent.stop();
  });

  test('says beforehand what can not be had', async () => {
    source.append(...linesOf(8, 100));
    const agent = await startAndDeliver();
    const { signal } = new AbortController();
    const segment = { firstUs: sinceUs + 50_000, lastUs: sinceUs + 100_000, bytes: 1, writtenBytes: 1 };
    source.held = {
      persistent: true,
      usedBytes: 1,
      maxBytes: undefined,
      maxSegmentBytes: undefined,
      maxRetentionMs: undefined,
      oldestUs: segment.firstUs,
      newestUs: segment.lastUs,
      segments: [segment],
    };
    const plan = await agent.replays.plan(requestOf(), signal);
    expect(plan.sinceMs).toBe(beginsMs + 50);
    expect(plan.notices).toEqual(['the journal begins at 2026-11-22T04:40:00.050000Z: what was logged before is gone']);
    const refusals = [
      [{ untilMs: beginsMs + 10 }, 'the journal no longer holds anything of the span'],
      [{ sinceMs: clock.now() + 1 }, 'the span is empty'],
      [{ destination: 'two' }, 'there is no destination "two"; there is: one'],
    ] as const;
    for (const [asked, message] of refusals) {
      await expect(agent.replays.plan(requestOf(asked), signal)).rejects.toThrow(message);
    }
    await agent.stop();
  });

  test('is refused where only one can write', async () => {
    destination.isExclusive = true;
    source.append({ MESSAGE: 'line' });
    const agent = memoryAgent({ source, destinations: [destination], state, clock });
    await agent.start();
    const { signal } = new AbortController();
    await expect(agent.replays.plan(requestOf(), signal)).rejects.toThrow('to which only one can write');
    await agent.stop();
  });

  test('runs once at a time', async () => {
    source.append(...linesOf(9, 500));
    const agent = await startAndDeliver();
    const running = new Running(agent, requestOf({ linesPerSecond: 10 }));
    await clock.runUntil(() => running.messages.length > 0);
    await expect(replay(agent, requestOf())).rejects.toThrow('a replay to one runs already');
    expect(agent.replays.cancel('one')).toBe(true);
    await clock.runUntil(() => running.isOver);
    expect(running.result).toMatchObject({ outcome: 'canceled', reason: 'canceled' });
    expect(agent.replays.cancel('one')).toBe(false);
    await replay(agent, requestOf());
    await agent.stop();
  });

  test('ends with its agent', async () => {
    source.append(...linesOf(10, 500));
    const agent = await startAndDeliver();
    const running = new Running(agent, requestOf({ linesPerSecond: 10 }));
    await clock.runUntil(() => running.messages.length > 0);
    await agent.stop();
    await clock.runUntil(() => running.isOver);
    expect(running.result).toMatchObject({ outcome: 'canceled', reason: 'the agent stops' });
  });

  test('ends with the configuration that it was begun under', async () => {
    source.append(...linesOf(12, 500));
    const agent = await startAndDeliver();
    const running = new Running(agent, requestOf({ linesPerSecond: 10 }));
    await clock.runUntil(() => running.messages.length > 0);
    await agent.reload(memoryPlan({ source, destinations: [destination] }));
    await clock.runUntil(() => running.isOver);
    expect(running.result).toMatchObject({ outcome: 'canceled', reason: 'the configuration is loaded anew' });
    expect(await replay(agent, requestOf())).toMatchObject({ outcome: 'complete' });
    await agent.stop();
  });

  test('sends nothing in a dry run, and tells what it would have sent', async () => {
    source.append(...linesOf(11, 600));
    const agent = await startAndDeliver();
    const dry = await replay(agent, requestOf({ dryRun: true }));
    expect(destination.taken).toEqual([]);
    const real = await replay(agent, requestOf());
    const found = some(dry.dryRun);
    expect(found.services.map(({ service }) => service).toSorted()).toEqual(['box', 'shop']);
    expect(found.services.reduce((sum, { lines }) => sum + lines, 0)).toBe(destination.taken.length);
    expect(found.bytes).toBe(Buffer.byteLength(destination.taken.join('')));
    expect(dry.progress.delivered).toBe(real.progress.delivered);
    expect(found.secondsAtRate).toBeCloseTo(real.progress.delivered / 1000);
    await agent.stop();
  });
});

const moods = ['sound', 'down', 'slow', 'silent', 'one key denied', 'picky'] as const;
type Mood = (typeof moods)[number];

/** Changes how a destination answers the batches that `isMeant`. */
const answersOf =
  (mood: Mood): MemoryDestination['answer'] =>
  (batch) => {
    if (mood === 'down') return { status: 'retry', scope: 'destination', reason: 'down' };
    if (mood === 'silent') return undefined;
    if (mood === 'one key denied' && batch.key === 'box-1') return { status: 'denied', scope: 'batch', reason: 'no' };
    if (mood === 'picky' && batch.entries.length > 1) return { status: 'split', reason: 'large' };
    return delivered;
  };

const records = 500;
const memoryBytes = 800_000;

describe('Replays beside live traffic', () => {
  const asked = fc.record({
    fromRecord: fc.nat(records),
    spanRecords: fc.nat(records),
    service: fc.constantFrom(undefined, 'box', 'sh*', 'none-*'),
    linesPerSecond: fc.constantFrom(100, 1000, 100_000),
  });
  const phases = fc.array(
    fc.record({ mood: fc.constantFrom(...moods), appended: fc.nat(100), lastsMs: fc.constantFrom(50, 500, 5000) }),
    { maxLength: 4 },
  );

  test('send exactly the lines of span and service, once and in order, whatever the destination does meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), asked, phases, async (seed, { fromRecord, spanRecords, ...rest }, plan) => {
        await rm(state, { recursive: true, force: true });
        clock = new VirtualClock();
        source = new NumberedSource(sinceUs);
        destination = new MemoryDestination('one');
        const lines = linesOf(seed, records);
        source.append(...lines);
        const agent = await startAndDeliver({ memoryBytes });
        const first = firstTaken;
        const [sinceMs, untilMs] = [
          beginsMs + fromRecord,
          Math.min(beginsMs + fromRecord + spanRecords, beginsMs + lines.length - 1),
        ];
        if (sinceMs > untilMs) return void (await agent.stop());
        const running = new Running(agent, requestOf({ sinceMs, untilMs, ...rest }));
        let appended = 0;
        for (const { mood, appended: more, lastsMs } of plan) {
          destination.delayMs = mood === 'slow' ? 400 : 0;
          destination.answer = answersOf(mood);
          // Whole lines: what the source received so long before the clock's time would be closed in their middle.
          const later = linesOf(seed + appended, more);
          source.append(...later);
          appended += later.length;
          const endMs = clock.now() + lastsMs;
          await clock.runUntil(() => clock.now() >= endMs);
          const { account, lane } = laneOf(agent);
          expect(unexplained(account.balance(lane.pendingRecords))).toBe(0);
          const { windowBytes } = await agent.status();
          expect(windowBytes).toBeLessThanOrEqual(liveFeeds * feedBytes(memoryBytes));
          expect(lane.heldBytes).toBeLessThanOrEqual(laneBytes(memoryBytes, 1));
          expect(agent.replays.heldBytes).toBeLessThanOrEqual(replayBytes(memoryBytes));
        }
        destination.delayMs = 0;
        destination.answer = () => delivered;
        await clock.runUntil(() => running.isOver && isSettled(agent));

        const isWanted = ({ position: { receivedUs }, key }: (typeof first)[number]): boolean =>
          receivedUs >= sinceMs * 1000 &&
          receivedUs <= untilMs * 1000 &&
          compileGlob(rest.service ?? '*')(key.replace(/-\d/, ''));
        const wanted = first.filter(isWanted);
        // What is live lies after the span.
        const again = destination.takenFrom.filter(
          ({ position }) => position.receivedUs <= (beginsMs + lines.length - 1) * 1000,
        );
        for (const stream of new Set(first.map(({ key }) => key))) {
          const idsOf = (taken: typeof first) =>
            taken.filter(({ key }) => key === stream).map(({ position }) => position.id());
          expect(idsOf(again)).toEqual(idsOf(wanted));
        }
        const { progress, outcome } = some(running.result);
        expect(outcome).toBe('complete');
        expect(progress).toMatchObject({ pending: 0, dropped: {}, delivered: progress.read });
        const { account, lane } = laneOf(agent);
        expect(account.balance(lane.pendingRecords)).toMatchObject({
          read: lines.length + appended,
          delivered: lines.length + appended,
        });
        await agent.stop();
      }),
      { numRuns: 20 },
    );
  });

  test('free all that they hold, whenever they are canceled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3000), fc.constantFrom(...moods), async (afterMs, mood) => {
        await rm(state, { recursive: true, force: true });
        clock = new VirtualClock();
        source = new NumberedSource(sinceUs);
        destination = new MemoryDestination('one');
        source.append(...linesOf(afterMs, records));
        const agent = await startAndDeliver();
        const before = { sleepers: clock.sleepers, open: source.open };
        destination.answer = answersOf(mood);
        const cancel = new AbortController();
        const running = new Running(agent, requestOf({ linesPerSecond: 500 }), cancel.signal);
        const endMs = clock.now() + afterMs;
        await clock.runUntil(() => clock.now() >= endMs);
        cancel.abort(new Error('enough'));
        await clock.runUntil(() => running.isOver && agent.replays.progress.length === 0);
        const { progress, outcome, reason } = some(running.result);
        expect(`${outcome} ${reason}`).toMatch(/^(complete |canceled enough)$/);
        expect(progress.read).toBe(
          progress.delivered + progress.uncertain + sumOf(progress.dropped) + progress.pending,
        );
        await clock.runUntil(() => source.open === before.open);
        expect(clock.sleepers).toBeLessThanOrEqual(before.sleepers);
        await agent.stop();
      }),
      { numRuns: 20 },
    );
  });
});
