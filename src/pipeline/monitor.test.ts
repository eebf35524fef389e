import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventTimeUs } from '../../test/support/events.ts';
import { memoryAgent } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource, type NumberedRecord } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Agent } from './agent.ts';
import { Monitor } from './monitor.ts';
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
const ended: AbortController[] = [];

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-monitor-'));
  clock = new VirtualClock();
  source = new NumberedSource(eventTimeUs);
  feeds = [];
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
  monitor = new Monitor({ agent, clock, memoryBytes, routing: 'everything to one' });
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
});
