import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventTimeUs } from '../../test/support/events.ts';
import { memoryAgent } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource, type NumberedRecord } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { delivered } from '../sdk/send-result.ts';
import type { Agent } from './agent.ts';

let state: string;
let clock: VirtualClock;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-agent-'));
  clock = new VirtualClock();
});

afterEach(() => rm(state, { recursive: true, force: true }));

const line = (message: string, container = 'web-1'): NumberedRecord => ({
  MESSAGE: message,
  PRIORITY: '6',
  CONTAINER_NAME: container,
  CONTAINER_ID_FULL: container.padEnd(64, '0'),
  _COMM: 'dockerd',
  _SYSTEMD_UNIT: 'docker.service',
});

const piece = (id: string, ordinal: number, isLast: boolean, container: string): NumberedRecord => ({
  ...line(`${id}.${ordinal};`, container),
  CONTAINER_PARTIAL_ID: id,
  CONTAINER_PARTIAL_ORDINAL: String(ordinal),
  CONTAINER_PARTIAL_LAST: String(isLast),
  ...(!isLast && { CONTAINER_PARTIAL_MESSAGE: 'true' }),
});

const lines = (count: number, from = 0): readonly NumberedRecord[] =>
  Array.from({ length: count }, (_, index) => line(`line ${from + index}`, `web-${(from + index) % 3}`));

const textsOf = (records: readonly NumberedRecord[]): readonly string[] =>
  records.map((record) => record['MESSAGE'] ?? '');

/** Ends an agent as SIGKILL would: what it settles or saves from now on did not happen. */
const kill = async (agent: Agent, destination: MemoryDestination): Promise<void> => {
  const path = join(state, 'checkpoints', `${destination.name}.json`);
  const saved = await readFile(path, 'utf8').catch(() => undefined);
  destination.answer = () => undefined;
  await agent.stop();
  if (saved === undefined) await rm(path, { force: true });
  else await writeFile(path, saved);
  destination.answer = () => delivered;
};

describe('Agent', () => {
  test('delivers every line to every destination from one reader', async () => {
    const source = new NumberedSource();
    source.append(...lines(100));
    const destinations = [new MemoryDestination('one'), new MemoryDestination('two')];
    const agent = memoryAgent({ source, destinations, state, clock });
    await agent.start();
    await clock.runUntil(() => destinations.every(({ taken }) => taken.length === 100));
    expect(source.readers).toBe(1);
    for (const { taken } of destinations) expect(new Set(taken)).toEqual(new Set(textsOf(lines(100))));
    await agent.stop();
  });

  test('goes on where it stopped', async () => {
    const source = new NumberedSource();
    const destination = new MemoryDestination('one');
    source.append(...lines(10));
    const first = memoryAgent({ source, destinations: [destination], state, clock });
    await first.start();
    await clock.runUntil(() => destination.taken.length === 10);
    await first.stop();
    source.append(...lines(10, 10));
    const second = memoryAgent({ source, destinations: [destination], state, clock });
    await second.start();
    await clock.runUntil(() => destination.taken.length === 20);
    expect(new Set(destination.taken).size).toBe(20);
    const status = await second.status();
    expect(status.destinations[0]).toMatchObject({ balance: { read: 20, delivered: 20, pending: 0 }, unexplained: 0 });
    await second.stop();
  });

  test('a dead destination delays nobody, holds a bounded window, and gets everything when it is back', async () => {
    const source = new NumberedSource();
    const dead = new MemoryDestination('dead');
    const sound = new MemoryDestination('sound');
    dead.answer = () => ({ status: 'retry', scope: 'destination', reason: 'down' });
    const agent = memoryAgent({ source, destinations: [dead, sound], state, clock, memoryBytes: 600_000 });
    source.append(...lines(5000));
    await agent.start();
    await clock.runUntil(() => sound.taken.length === 5000);
    const during = await agent.status();
    expect(during.windowBytes).toBeLessThanOrEqual(600_000);
    expect(during.destinations[0]).toMatchObject({ condition: { state: 'retrying', reason: 'down' }, unexplained: 0 });
    dead.answer = () => delivered;
    await clock.runUntil(() => dead.taken.length === 5000);
    for (const container of [0, 1, 2]) {
      const ofStream = textsOf(lines(5000)).filter((_, index) => index % 3 === container);
      expect(dead.taken.filter((text) => Number(text.slice(5)) % 3 === container)).toEqual(ofStream);
    }
    const after = await agent.status();
    expect(after.destinations.map(({ unexplained }) => unexplained)).toEqual([0, 0]);
    await clock.runUntil(() => after.feeds >= 1);
    await agent.stop();
  });

  test('lanes that were apart read from one feed again once both have caught up', async () => {
    const source = new NumberedSource();
    const slow = new MemoryDestination('slow');
    const sound = new MemoryDestination('sound');
    slow.answer = () => ({ status: 'retry', scope: 'destination', reason: 'down' });
    const agent = memoryAgent({ source, destinations: [sound, slow], state, clock, memoryBytes: 600_000 });
    source.append(...lines(3000));
    await agent.start();
    await clock.runUntil(() => sound.taken.length === 3000);
    slow.answer = () => delivered;
    await clock.runUntil(() => slow.taken.length === 3000);
    let feeds = 0;
    void (async () => {
      while (feeds !== 1) {
        await clock.sleep(100, new AbortController().signal);
        feeds = (await agent.status()).feeds;
      }
    })();
    await clock.runUntil(() => feeds === 1);
    source.append(...lines(10, 3000));
    await clock.runUntil(() => slow.taken.length === 3010 && sound.taken.length === 3010);
    expect(feeds).toBe(1);
    await agent.stop();
  });

  test('tears no joined line while its reader stalls in the middle of one', async () => {
    const source = new NumberedSource(eventTimeUs);
    const destination = new MemoryDestination('one');
    source.append(piece('A', 1, false, 'a'), piece('A', 2, true, 'a'));
    source.readable = 1;
    const agent = memoryAgent({ source, destinations: [destination], state, clock });
    await agent.start();
    await clock.runUntil(() => clock.now() * 1000 > eventTimeUs + 60_000_000);
    source.readable = 2;
    source.append(line('after A', 'a'));
    await clock.runUntil(() => destination.taken.length > 0);
    expect(destination.taken).toEqual(['A.1;A.2;']);
    await agent.stop();
  });

  test('delivers what there is of a joined line when nothing follows', async () => {
    const source = new NumberedSource(eventTimeUs);
    const destination = new MemoryDestination('one');
    source.append(piece('A', 1, false, 'a'));
    const agent = memoryAgent({ source, destinations: [destination], state, clock });
    await agent.start();
    await clock.runUntil(() => destination.taken.length === 1);
    expect(destination.taken).toEqual(['A.1;']);
    await agent.stop();
  });

  test('loses nothing, repeats little and never tears a joined line, wherever it is killed', async () => {
    const interleaved = [
      line('before', 'c'),
      piece('A', 1, false, 'a'),
      piece('B', 1, false, 'b'),
      line('between', 'c'),
      piece('A', 2, false, 'a'),
      piece('B', 2, false, 'b'),
      piece('A', 3, true, 'a'),
      line('after A', 'a'),
      piece('B', 3, true, 'b'),
      line('after B', 'b'),
    ];
    const whole = ['before', 'A.1;A.2;A.3;', 'B.1;B.2;B.3;', 'between', 'after A', 'after B'];
    const kills = fc.array(fc.record({ takenBefore: fc.nat(5), readable: fc.integer({ min: 0, max: 10 }) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(kills, fc.boolean(), async (plan, savesFirst) => {
        await rm(state, { recursive: true, force: true });
        clock = new VirtualClock();
        const source = new NumberedSource();
        const destination = new MemoryDestination('one');
        let appended = 0;
        for (const { takenBefore, readable } of plan) {
          source.append(...interleaved.slice(appended, Math.max(appended, readable)));
          appended = Math.max(appended, readable);
          let accepts = takenBefore;
          destination.answer = () => (accepts-- > 0 ? delivered : undefined);
          const agent = memoryAgent({ source, destinations: [destination], state, clock, maxEvents: 1 });
          await agent.start();
          const before = clock.now();
          await clock.runUntil(() => clock.now() - before > (savesFirst ? 3000 : 300));
          await kill(agent, destination);
        }
        source.append(...interleaved.slice(appended));
        const agent = memoryAgent({ source, destinations: [destination], state, clock, maxEvents: 1 });
        await agent.start();
        await clock.runUntil(() => whole.every((text) => destination.taken.includes(text)));
        expect(destination.taken.filter((text) => !whole.includes(text))).toEqual([]);
        await agent.stop();
        const status = await agent.status();
        expect(status.destinations[0]).toMatchObject({ unexplained: 0 });
        expect(status.destinations[0]?.balance.read).toBeLessThanOrEqual(interleaved.length);
      }),
      { numRuns: 25 },
    );
  });
});
