import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryOf } from '../../test/support/lane-entries.ts';
import { memoryAgent } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { retryLetters } from '../dead-letters/retry.ts';
import type { DeadLetterStore, RefusedEvent } from '../dead-letters/store.ts';
import type { Lane } from '../delivery/lane.ts';
import { type LaneEntry, PartEntry } from '../delivery/lane-entry.ts';
import { outcomes } from '../event/outcome.ts';
import { delivered } from '../sdk/send-result.ts';
import { wholeOfWriter } from '../normalize/normalize.ts';
import type { Agent } from './agent.ts';
import { createLetterKeeper } from './letter-keeper.ts';

const keptOf = () => {
  const kept: RefusedEvent[] = [];
  return { kept, keep: createLetterKeeper({ add: (refused) => kept.push(refused) }) };
};

const partOf = ({ delivery }: LaneEntry): LaneEntry => new PartEntry(delivery.event, delivery);

const runningOf = (agent: Agent): { readonly lane: Lane; readonly letters: DeadLetterStore } => {
  const [destination] = agent.destinations;
  if (destination?.kind !== 'running') throw new Error('the destination does not run');
  return destination;
};

describe('The keeper of dead letters', () => {
  test('keeps what a service refused, and nothing that policy or an operator dropped', () => {
    const { kept, keep } = keptOf();
    for (const outcome of outcomes) keep([entryOf(1)], outcome, 'answer', 2);
    expect(kept.map(({ reason }) => reason)).toEqual(['rejected', 'too old', 'too new', 'too large']);
    expect(kept[0]).toMatchObject({ answer: 'answer', attempts: 2, key: 'billing', event: { message: 'line 1' } });
  });

  test('keeps one letter of an event whose parts are refused one by one', () => {
    const { kept, keep } = keptOf();
    const [one, other] = [entryOf(1), entryOf(2)];
    keep([one, partOf(one)], 'rejected', 'first', 1);
    keep([partOf(one), other], 'rejected', 'second', 1);
    expect(kept.map(({ event, answer }) => `${event.message}: ${answer}`)).toEqual(['line 1: first', 'line 2: second']);
  });
});

describe('A destination that refuses lines', () => {
  let state: string;
  let clock: VirtualClock;

  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'sluice-keeper-'));
    clock = new VirtualClock();
  });

  afterEach(() => rm(state, { recursive: true }));

  const start = async (source: NumberedSource, destination: MemoryDestination): Promise<Agent> => {
    const agent = memoryAgent({ source, destinations: [destination], state, clock });
    await agent.start();
    return agent;
  };

  test('has them as dead letters after a restart, and takes them when they are sent again', async () => {
    const source = new NumberedSource();
    const destination = new MemoryDestination('picky');
    destination.answer = ({ entries }) => {
      const bad = entries.flatMap(({ text }, index) => (text.includes('poison') ? [{ index, reason: 'bad' }] : []));
      return bad.length === 0 ? delivered : { status: 'partial', rejected: bad, retry: [] };
    };
    source.append(
      ...[...Array.from({ length: wholeOfWriter }, (_, at) => `${at}`), 'poison 1', 'b', 'poison 2', 'c'].map(
        (text) => ({ MESSAGE: text, PRIORITY: '6', _COMM: 'x' }),
      ),
    );
    const first = await start(source, destination);
    await clock.runUntil(() => runningOf(first).lane.main.safeUs !== undefined);
    await first.stop();
    expect(await readdir(join(state, 'dead-letters', 'picky'))).toHaveLength(1);

    const again = await start(source, destination);
    const { lane, letters } = runningOf(again);
    expect((await letters.list({ limit: 9 })).map(({ event, answer }) => `${event.message}: ${answer}`)).toEqual([
      'poison 1: bad',
      'poison 2: bad',
    ]);
    destination.answer = () => delivered;
    const retried: string[] = [];
    const retrying = (async () => {
      const resend = lane.resend.bind(lane);
      const { signal } = new AbortController();
      for await (const { id, result } of retryLetters(
        {},
        { store: letters, resend, now: () => 0, maxInFlight: 9, maxInFlightBytes: 100_000, signal },
      ))
        retried.push(`${id} ${result}`);
    })();
    await clock.runUntil(() => retried.length === 2);
    await retrying;
    expect(retried).toEqual(['1 delivered', '2 delivered']);
    expect(letters.summary.letters).toBe(0);
    expect(destination.taken).toEqual(expect.arrayContaining(['poison 1', 'poison 2']));
    await again.stop();
  });
});
