import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryAgent, memoryPlan } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { type NumberedRecord, NumberedSource } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { ruleSchema } from '../policy/rules/rule.ts';
import { delivered } from '../sdk/send-result.ts';
import type { Agent } from './agent.ts';

let state: string;
let clock: VirtualClock;
let source: NumberedSource;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-reload-'));
  clock = new VirtualClock();
  source = new NumberedSource(clock.now() * 1000);
});

afterEach(() => rm(state, { recursive: true, force: true }));

const lines = (from: number, to: number): readonly NumberedRecord[] =>
  Array.from({ length: to - from }, (_, index) => ({
    MESSAGE: `line ${from + index}`,
    PRIORITY: index % 2 === 0 ? '6' : '3',
    SYSLOG_IDENTIFIER: 'web',
  }));

const start = async (...destinations: readonly MemoryDestination[]): Promise<Agent> => {
  const agent = memoryAgent({ source, destinations, state, clock });
  await agent.start();
  return agent;
};

const took = async (destination: MemoryDestination, count: number): Promise<void> => {
  await clock.runUntil(() => destination.taken.length >= count);
};

const balanceOf = async (agent: Agent, name: string) => {
  const { destinations } = await agent.status();
  return destinations.find((each) => each.name === name)?.balance;
};

describe('A reload', () => {
  test('lets a destination go on in the middle of what it sends, and delivers every line once', async () => {
    const [one, two] = [new MemoryDestination('one'), new MemoryDestination('two')];
    one.answer = () => ({ status: 'retry', scope: 'destination', reason: 'down' });
    const agent = await start(one, two);
    source.append(...lines(0, 100));
    await took(two, 100);
    const changes = await agent.reload(memoryPlan({ source, destinations: [one, two] }));
    expect(changes.map(({ change }) => change)).toEqual(['kept', 'kept']);
    one.answer = () => delivered;
    source.append(...lines(100, 150));
    await took(one, 150);
    await took(two, 150);
    expect([one.taken.length, two.taken.length]).toEqual([150, 150]);
    expect(new Set(one.taken).size).toBe(150);
    expect(await balanceOf(agent, 'one')).toMatchObject({ read: 150, delivered: 150, pending: 0 });
    await agent.stop();
  });

  test('puts new rules in force for the lines that are read from then on', async () => {
    const one = new MemoryDestination('one');
    const agent = await start(one);
    source.append(...lines(0, 10));
    await took(one, 10);
    const rules = [ruleSchema.parse({ min_level: 'error' })];
    await agent.reload(memoryPlan({ source, destinations: [one], rules }));
    source.append(...lines(10, 20));
    await took(one, 15);
    expect(await balanceOf(agent, 'one')).toMatchObject({
      read: 20,
      delivered: 15,
      dropped: { 'filtered by rule': 5 },
    });
    await agent.stop();
  });

  test('begins a destination that was off for a while at its start, and counts what it missed', async () => {
    const [one, two] = [new MemoryDestination('one'), new MemoryDestination('two')];
    const agent = await start(one, two);
    source.append(...lines(0, 10));
    await took(one, 10);
    await took(two, 10);
    const changes = await agent.reload(memoryPlan({ source, destinations: [two] }));
    expect(changes).toContainEqual({ destination: 'one', change: 'removed' });
    expect(await readdir(join(state, 'checkpoints'))).toContain('one.json.dormant');
    source.append(...lines(10, 20));
    await took(two, 20);
    const later = clock.now() + 60_000;
    void clock.sleep(60_000, new AbortController().signal);
    await clock.runUntil(() => clock.now() >= later);
    await agent.reload(memoryPlan({ source, destinations: [one, two], start: { kind: 'now' } }));
    await clock.runUntil(() => agent.destinations.some(({ name, kind }) => name === 'one' && kind === 'running'));
    let missed = 0;
    void (async () => {
      while (missed < 10) {
        await clock.sleep(100, new AbortController().signal);
        missed = (await balanceOf(agent, 'one'))?.dropped['disabled by operator'] ?? 0;
      }
    })();
    await clock.runUntil(() => missed >= 10);
    expect(missed).toBe(10);
    expect(await balanceOf(agent, 'one')).toMatchObject({ read: 20, delivered: 10, pending: 0 });
    await agent.stop();
  });

  test('sends what came while a destination was off, where that is wanted', async () => {
    const [one, two] = [new MemoryDestination('one'), new MemoryDestination('two')];
    const agent = await start(one, two);
    source.append(...lines(0, 10));
    await took(one, 10);
    await agent.reload(memoryPlan({ source, destinations: [two] }));
    source.append(...lines(10, 20));
    await took(two, 20);
    one.resume = true;
    await agent.reload(memoryPlan({ source, destinations: [one, two], start: { kind: 'now' } }));
    await took(one, 20);
    expect(await balanceOf(agent, 'one')).toMatchObject({ read: 20, delivered: 20 });
    await agent.stop();
  });

  test('carries the checkpoint of a destination over to its new name', async () => {
    const old = new MemoryDestination('old');
    const agent = await start(old);
    source.append(...lines(0, 10));
    await took(old, 10);
    const renamed = new MemoryDestination('new');
    renamed.renamedFrom = 'old';
    await agent.reload(memoryPlan({ source, destinations: [renamed] }));
    source.append(...lines(10, 20));
    await took(renamed, 10);
    expect(renamed.taken).toEqual(lines(10, 20).map((line) => line['MESSAGE']));
    expect(await balanceOf(agent, 'new')).toMatchObject({ read: 20, delivered: 20 });
    expect(await readdir(join(state, 'checkpoints'))).toEqual(['.writable', 'new.json']);
    await agent.stop();
  });
});
