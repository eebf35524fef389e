import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerLines } from '../../test/support/docker-lines.ts';
import { memoryAgent } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource } from '../../test/support/numbered-source.ts';
import { some } from '../../test/support/some.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { unexplained, type Balance } from '../ledger/balance.ts';
import { ruleSchema } from '../policy/rules/rule.ts';
import { delivered } from '../sdk/send-result.ts';
import type { Agent } from './agent.ts';

let state: string;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-rate-limit-'));
});

afterEach(() => rm(state, { recursive: true, force: true }));

const balanceOf = (agent: Agent, name: string): Balance => {
  const running = agent.destinations.flatMap((one) => (one.kind === 'running' && one.name === name ? [one] : []));
  const { account, lane } = some(running[0]);
  return account.balance(lane.pendingRecords);
};

test('a rate limit drops what it drops once, and counts it, in whichever feed a destination reads', async () => {
  const clock = new VirtualClock();
  const source = new NumberedSource();
  const [sound, late] = [new MemoryDestination('sound'), new MemoryDestination('late')];
  const { records } = dockerLines(4, 3000);
  source.append(...records);
  const rules = [ruleSchema.parse({ rate_limit: { burst: 100, interval: '1s' } })];
  const agent = memoryAgent({ source, destinations: [sound, late], state, clock, memoryBytes: 400_000, rules });
  late.answer = () => ({ status: 'retry', scope: 'destination', reason: 'down' });
  await agent.start();
  const hasAll = ({ name }: MemoryDestination): boolean => {
    const { read, pending } = balanceOf(agent, name);
    return read === records.length && pending === 0;
  };
  await clock.runUntil(() => hasAll(sound));
  expect(source.readers).toBe(1);
  late.answer = () => delivered;
  await clock.runUntil(() => hasAll(late));
  expect(source.readers).toBeGreaterThan(1);
  for (const { name, taken } of [sound, late]) {
    const balance = balanceOf(agent, name);
    expect(unexplained(balance)).toBe(0);
    expect(Object.keys(balance.dropped)).toEqual(['rate-limited']);
    expect(new Set(taken).size).toBe(taken.length);
  }
  await agent.stop();
});
