import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventOf } from '../../test/support/events.ts';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Outcome } from '../event/outcome.ts';
import type { LetterQuery } from './read-letters.ts';
import { type Resend, type RetriedLetter, retryLetters } from './retry.ts';
import { QueueRoom } from './queue-room.ts';
import { DeadLetterStore } from './store.ts';

let state: string;
let store: DeadLetterStore;
let stop: AbortController;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'sluice-retry-'));
  stop = new AbortController();
});

afterEach(async () => {
  await store.close();
  await rm(state, { recursive: true });
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A store with `count` letters, `line 0` and so on; their ids are one higher. */
const fill = async (count: number, maxBytes = 1_000_000): Promise<void> => {
  const directory = join(state, String(count));
  const clock = new VirtualClock();
  store = await DeadLetterStore.open({
    directory,
    destination: 'loggly',
    maxBytes,
    fieldNames: [],
    room: new QueueRoom(1_000_000),
    clock,
    logger: silentLogger,
  });
  for (let sequence = 0; sequence < count; sequence += 1)
    store.add({ event: eventOf({}, sequence), reason: 'rejected', answer: 'no', attempts: 1, key: 'billing' });
};

const retry = (
  query: LetterQuery,
  resend: Resend,
  maxInFlight = 3,
  maxInFlightBytes = 100_000,
): AsyncGenerator<RetriedLetter> =>
  retryLetters(query, { store, resend, now: () => 7, maxInFlight, maxInFlightBytes, signal: stop.signal });

const all = async (steps: AsyncGenerator<RetriedLetter>): Promise<readonly RetriedLetter[]> => {
  const told: RetriedLetter[] = [];
  for await (const step of steps) told.push(step);
  return told;
};

const remaining = async (): Promise<readonly string[]> => (await store.list({ limit: 10_000 })).map(({ id }) => id);

const deliver: Resend = (_, done) => done('delivered', '');

describe('Sending letters again', () => {
  test('holds few large ones at a time, and one that is larger than may be alone', async () => {
    let [inFlight, most] = [0, 0];
    const resend: Resend = (_, done) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setImmediate(() => {
        inFlight -= 1;
        done('uncertain', '');
      });
    };
    await fill(7);
    expect(await all(retry({}, resend, 100, 2500))).toHaveLength(7);
    expect(most).toBe(2);
    most = 0;
    expect(await all(retry({}, resend, 100, 10))).toHaveLength(7);
    expect(most).toBe(1);
  });

  test('takes away what is delivered, whole events with their own ids', async () => {
    await fill(3);
    const sent: string[] = [];
    const told = await all(
      retry({ ids: new Set(['1', '3']) }, (item, done) => {
        sent.push(item.text('structured'));
        done('delivered', '');
      }),
    );
    expect(told.map(({ id, result }) => `${id} ${result}`)).toEqual(['1 delivered', '3 delivered']);
    expect(sent.map((text) => JSON.parse(text))).toMatchObject([
      { message: 'line 0', info: { id: 'id-0' } },
      { message: 'line 2', info: { id: 'id-2' } },
    ]);
    expect(await remaining()).toEqual(['2']);
  });

  test('keeps what is refused again, with the new answer', async () => {
    await fill(2);
    const outcomes: Outcome[] = ['too old', 'uncertain'];
    const told = await all(retry({}, (_, done) => done(outcomes.shift() ?? 'delivered', 'still no')));
    expect(told.map(({ result, answer }) => `${result}: ${answer}`)).toEqual([
      'refused: still no',
      'uncertain: still no',
    ]);
    expect(await store.list({ limit: 2 })).toMatchObject([
      { reason: 'too old', answer: 'still no', attempts: 2, refusedAtMs: 7 },
      { reason: 'rejected', answer: 'still no', attempts: 2 },
    ]);
  });

  test('says which letters there are not, and which are not whole', async () => {
    await fill(1, 65_536);
    store.add({
      event: eventOf({ message: 'x'.repeat(50_000) }),
      reason: 'too large',
      answer: '',
      attempts: 0,
      key: '',
    });
    const told = await all(retry({ ids: new Set(['1', '2', 'zz']) }, deliver));
    expect(told.map(({ id, result }) => `${id} ${result}`)).toEqual(['1 delivered', '2 cut', 'zz missing']);
    expect(await remaining()).toEqual(['2']);
  });

  test('keeps a letter that the lane would not take', async () => {
    await fill(1);
    const told = await all(
      retry({}, () => {
        throw new Error('the lane is closed');
      }),
    );
    expect(told).toEqual([{ id: '1', result: 'failed', answer: 'the lane is closed' }]);
    expect(await store.get('1')).toMatchObject({ attempts: 1, answer: 'no' });
  });

  test('hands over no more at once than it may', async () => {
    await fill(50);
    let [inFlight, most] = [0, 0];
    await all(
      retry(
        {},
        (_, done) => {
          inFlight += 1;
          most = Math.max(most, inFlight);
          setImmediate(() => {
            inFlight -= 1;
            done('delivered', '');
          });
        },
        7,
      ),
    );
    expect(most).toBe(7);
    expect(await remaining()).toEqual([]);
  });

  test('ends when it is told to, though the service never answers, and keeps what is not done', async () => {
    await fill(5);
    const told = await all(
      retry({}, (item, done) => {
        if (item.event.message === 'line 0') done('delivered', '');
        else if (item.event.message === 'line 3') setImmediate(() => stop.abort());
      }),
    );
    expect(told).toMatchObject([{ id: '1', result: 'delivered' }]);
    expect(await remaining()).toEqual(['2', '3', '4', '5']);
  });

  test('takes away what was delivered when nobody listens any more', async () => {
    await fill(4);
    for await (const { id } of retry({}, deliver, 1)) if (id === '2') break;
    expect(await remaining()).toEqual(['3', '4']);
  });

  test('tells of every letter once, whatever the lane does', async () => {
    const behaviour = fc.record({
      outcome: fc.constantFrom<Outcome | 'throws'>('delivered', 'rejected', 'uncertain', 'empty', 'throws'),
      turns: fc.nat(5),
      isTwice: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(behaviour, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (plan, most) => {
        await rm(join(state, String(plan.length)), { recursive: true, force: true });
        await fill(plan.length);
        const plans = [...plan];
        const resend: Resend = (_, done) => {
          const { outcome, turns, isTwice } = plans.shift() ?? { outcome: 'throws', turns: 0, isTwice: false };
          if (outcome === 'throws') throw new Error('no');
          const end = async (): Promise<void> => {
            for (let passed = 0; passed < turns; passed += 1) await turn();
            done(outcome, 'answer');
            if (isTwice) done('delivered', 'again');
          };
          void end();
        };
        const told = await all(retry({}, resend, most));
        const expected = plan.map((_, index) => (index + 1).toString(36));
        expect(told.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
        expect(await remaining()).toEqual(expected.filter((_, index) => plan[index]?.outcome !== 'delivered'));
        await store.close();
      }),
      { numRuns: 50 },
    );
  });

  test('goes through many files of letters', async () => {
    await fill(1200, 1_000_000);
    const told = await all(
      retry({}, (item, done) => done(item.event.position.id().endsWith('7') ? 'rejected' : 'delivered', '')),
    );
    expect(told).toHaveLength(1200);
    expect(store.summary.letters).toBe(120);
  });
});
