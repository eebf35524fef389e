import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventTimeUs } from '../../test/support/events.ts';
import { memoryAgent } from '../../test/support/memory-agent.ts';
import { createMemoryLogger } from '../../test/support/memory-logger.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource, type NumberedRecord } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Agent } from './agent.ts';
import { Monitor } from './monitor.ts';
import { agentStatusSchema } from './status.ts';
import { feedWatchdog } from './watchdog.ts';

const minute = 60_000;
const hour = 60 * minute;
const memoryBytes = 600_000;

let state: string;
let clock: VirtualClock;
let source: NumberedSource;
let agent: Agent;
let monitor: Monitor;
let feeds: number[];
let log: ReturnType<typeof createMemoryLogger>;
const ended: AbortController[] = [];

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-monitor-'));
  clock = new VirtualClock();
  source = new NumberedSource(eventTimeUs);
  feeds = [];
  log = createMemoryLogger();
});
afterEach(async () => {
  for (const controller of ended.splice(0)) controller.abort();
  monitor.close();
  monitor.close();
  await agent.stop();
  await rm(state, { recursive: true, force: true });
});

const lines = (count: number): readonly NumberedRecord[] =>
  Array.from({ length: count }, (_, index) => ({ MESSAGE: `line ${index}`, CONTAINER_NAME: 'web', _COMM: 'dockerd' }));

/** An agent with a monitor and a watchdog that is to be fed every half minute. */
const start = async (...destinations: readonly MemoryDestination[]): Promise<void> => {
  agent = memoryAgent({ source, destinations, state, clock, memoryBytes });
  await agent.start();
  monitor = new Monitor({ agent, clock, memoryBytes, routing: 'everything to one', logger: log.logger });
  monitor.start();
  const controller = new AbortController();
  ended.push(controller);
  const readerSilentMs = (): number => monitor.readerSilentMs;
  const feed = (): void => void feeds.push(clock.now());
  void feedWatchdog({ intervalMs: minute / 2, clock, readerSilentMs, feed }, controller.signal);
};

const pass = async (ms: number): Promise<void> => {
  const until = clock.now() + ms;
  await clock.runUntil(() => clock.now() >= until);
};

const warnings = (): readonly string[] =>
  log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

/** The longest that the watchdog was not fed, up to now. */
const longestHungerMs = (): number =>
  Math.max(...[...feeds.slice(1), clock.now()].map((atMs, index) => atMs - (feeds[index] ?? 0)));

describe('Monitor', () => {
  test('when all destinations are dead for an hour, the watchdog is fed and the status says what is wrong', async () => {
    const dead = new MemoryDestination('one');
    dead.answer = () => ({ status: 'retry', scope: 'destination', reason: 'down' });
    source.append(...lines(5000));
    await start(dead);
    await pass(hour);
    source.append(...lines(5000));
    await pass(minute);
    expect(longestHungerMs()).toBeLessThanOrEqual(minute);
    const status = await monitor.status();
    expect(status.reader?.state).toBe('paused');
    expect(status.destinations[0]).toMatchObject({ condition: { state: 'retrying' }, lastAnswer: { text: 'down' } });
    expect(status.destinations[0]?.stalledSeconds).toBeGreaterThan(3500);
    expect(status.destinations[0]?.conditionSinceMs).toBeLessThan(clock.now() - hour);
    expect(status.memory?.usedBytes).toBeGreaterThan(0);
  });

  test('when the source grows and the reader stands still, the watchdog is not fed', async () => {
    source.append(...lines(10));
    source.readable = 10;
    await start(new MemoryDestination('one'));
    await pass(minute);
    for (let grown = 0; grown < 40; grown += 1) {
      source.append(...lines(1));
      await pass(minute);
    }
    expect((await monitor.status()).reader?.state).toBe('standing still');
    expect(longestHungerMs()).toBeGreaterThan(8 * minute);
    source.readable = Infinity;
    source.append(...lines(1));
    await pass(minute);
    expect(clock.now() - (feeds.at(-1) ?? 0)).toBeLessThanOrEqual(minute);
  });

  test('when the source is quiet, or nobody reads it, the watchdog is fed', async () => {
    source.append(...lines(10));
    await start(new MemoryDestination('one'));
    await pass(hour);
    expect(longestHungerMs()).toBeLessThanOrEqual(minute);
    const status = await monitor.status();
    expect(status.reader?.state).toBe('idle');
    expect(status.destinations[0]).toMatchObject({ stalledSeconds: 0, retries: 0 });
    expect(status.destinations[0]?.lastAnswer?.text).toMatch(/^took/);
  });

  test('knows how much the source holds and when a destination loses lines, and warns when that is little', async () => {
    const dead = new MemoryDestination('one');
    dead.answer = () => ({ status: 'retry', scope: 'destination', reason: 'down' });
    source.append(...lines(100));
    const segment = { firstUs: eventTimeUs, lastUs: eventTimeUs + 60e6, bytes: 1e6, writtenBytes: 1e6 };
    const held = { persistent: true, usedBytes: 1e6, maxSegmentBytes: 1e6, maxRetentionMs: undefined };
    source.held = { ...held, maxBytes: 11e6, oldestUs: eventTimeUs, newestUs: segment.lastUs, segments: [segment] };
    await start(dead);
    await pass(minute);
    const status = await monitor.status();
    expect(status.queue).toEqual({ capacitySeconds: 600, usedBytes: 1e6, maxBytes: 11e6, persistent: true });
    expect(status.destinations[0]).toMatchObject({
      secondsUntilLoss: 600,
      waitsSinceMs: Math.floor(eventTimeUs / 1000),
    });
    await pass(5 * minute);
    expect(warnings()).toEqual([expect.stringContaining('the journal holds a line for 10 min')]);
    source.held = { ...source.held, oldestUs: eventTimeUs + 1 };
    await pass(minute);
    expect((await monitor.status()).destinations[0]?.secondsUntilLoss).toBe(0);
    source.held = { ...source.held, maxBytes: Infinity, oldestUs: eventTimeUs };
    await pass(minute);
    const endless = await monitor.status();
    expect([endless.queue?.capacitySeconds, endless.destinations[0]?.secondsUntilLoss]).toEqual(['unlimited', 'never']);
    expect(agentStatusSchema.parse(JSON.parse(JSON.stringify(endless)))).toEqual(JSON.parse(JSON.stringify(endless)));
  });

  test('sees rights go and come while it runs, and survives a source that can not be looked at', async () => {
    const sound = source.seen;
    if (sound instanceof Error) throw sound;
    await start(new MemoryDestination('one'));
    await pass(minute);
    expect((await monitor.status()).source.hidden).toBeUndefined();
    source.seen = {
      ...sound,
      warnings: ['you see 1 of 3 journals'],
      hidden: { readable: 1, total: 3 },
      gapDetection: { state: 'off', reason: 'rights hide entries' },
    };
    await pass(minute);
    const hidden = await monitor.status();
    expect(hidden.source).toMatchObject({ hidden: { readable: 1, total: 3 }, gapDetection: { state: 'off' } });
    expect(monitor.gapDetection).toEqual({ state: 'off', reason: 'rights hide entries' });
    source.seen = new Error('no right to read any journal');
    await pass(minute);
    expect((await monitor.status()).source).toMatchObject({
      checkProblem: 'no right to read any journal',
      hidden: { readable: 1, total: 3 },
    });
    source.seen = sound;
    await pass(minute);
    expect((await monitor.status()).source).toMatchObject({ checkProblem: undefined, hidden: undefined });
    expect(warnings()).toEqual([
      'you see 1 of 3 journals',
      "the source can't be checked: no right to read any journal",
    ]);
  });

  test('says before max_backlog drops lines that it is going to, once', async () => {
    const dead = new MemoryDestination('one');
    dead.answer = () => ({ status: 'retry', scope: 'destination', reason: 'down' });
    dead.maxBacklogMs = hour;
    source.append(...lines(10));
    await start(dead);
    await pass(47 * minute);
    expect(warnings()).toEqual([]);
    await pass(30 * minute);
    expect(warnings()).toEqual([expect.stringContaining('most of max_backlog')]);
    expect((await monitor.status()).destinations[0]).toMatchObject({ maxBacklogSeconds: 3600 });
  });
});
