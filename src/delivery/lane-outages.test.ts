import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodable, eventOf } from '../../test/support/events.ts';
import { roomyLimits } from '../../test/support/lane-entries.ts';
import { itemOf, laneOf, senderThat, textsOf } from '../../test/support/lane-rig.ts';
import type { VirtualClock } from '../../test/support/virtual-clock.ts';
import { unexplained } from '../ledger/balance.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { SendResult } from '../sdk/send-result.ts';

describe('A lane whose service fails', () => {
  test('asks a destination that failed with one request at a time until it answers', async () => {
    let failures = 5;
    const sender = senderThat(() =>
      failures-- > 0 ? { status: 'retry', scope: 'destination', reason: 'down' } : { status: 'delivered' },
    );
    const { lane, clock } = laneOf(sender, { concurrency: 1 });
    for (let sequence = 0; sequence < 9; sequence += 1) lane.main.take(itemOf(sequence, { stream: `key-${sequence}` }));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(sender.sent).toHaveLength(5 + 9);
    expect(lane.resentEvents).toBe(5);
  });

  test('never gives up: a day of outage later everything is delivered', async () => {
    let clockOf: VirtualClock | undefined;
    const sender = senderThat(() =>
      (clockOf?.now() ?? 0) < 1_795_326_000_000 + 86_400_000
        ? { status: 'retry', scope: 'destination', reason: 'down' }
        : { status: 'delivered' },
    );
    const { lane, clock } = laneOf(sender);
    clockOf = clock;
    lane.main.take(itemOf(0));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(clock.now()).toBeGreaterThanOrEqual(1_795_326_000_000 + 86_400_000);
  });

  test('finds the poison event and delivers all others', async () => {
    const sender = senderThat((batch) =>
      textsOf([batch]).includes('poison') ? { status: 'rejected', reason: 'bad field' } : { status: 'delivered' },
    );
    const { lane, clock, account, refused } = laneOf(sender, { limits: { ...roomyLimits, maxEvents: 16 } });
    for (let sequence = 0; sequence < 16; sequence += 1) {
      lane.main.take(itemOf(sequence, sequence === 11 ? { raw: 'poison' } : {}));
    }
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 15, dropped: { rejected: 1 } });
    expect(refused).toEqual([expect.stringMatching(/^poison: rejected \(bad field\) after [1-9]/)]);
  });

  test('drops nothing while a wrong endpoint refuses every line, says so, and heals', async () => {
    let isWrong = true;
    const sender = senderThat(() =>
      isWrong ? { status: 'rejected', reason: 'HTTP 400: unknown route' } : { status: 'delivered' },
    );
    const { lane, clock, account } = laneOf(sender, { maxHeldBytes: 1_000_000 });
    for (let sequence = 0; sequence < 200; sequence += 1)
      lane.main.take(itemOf(sequence, { stream: `key-${sequence % 7}` }));
    await clock.runUntil(() => lane.condition.state === 'denied');
    expect(lane.condition.reason).toContain('every line is refused');
    const before = clock.now();
    await clock.runUntil(() => clock.now() > before + 3_600_000);
    isWrong = false;
    sender.sent.length = 0;
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 200, droppedTotal: 0 });
    const ofOneKey = sender.sent.filter(({ key }) => key === 'key-3');
    expect(textsOf(ofOneKey).map((text) => Number(text.slice(5)))).toEqual(
      Array.from({ length: 29 }, (_, index) => 3 + index * 7).filter((sequence) => sequence < 200),
    );
  });

  test('does not wait for a destination that denies it when it drains', async () => {
    const sender = senderThat(() => ({ status: 'denied', scope: 'destination', reason: 'bad token' }));
    const { lane, clock } = laneOf(sender);
    lane.main.take(itemOf(0));
    await clock.runUntil(() => lane.condition.state === 'denied');
    await expect(lane.drain(new AbortController().signal)).resolves.toBeUndefined();
    expect(lane.pendingRecords).toBe(1);
  });

  test('tries a lone refused line again, in case the endpoint was wrong for a while', async () => {
    let isWrong = true;
    const sender = senderThat(() => (isWrong ? { status: 'rejected', reason: 'HTTP 400' } : { status: 'delivered' }));
    const { lane, clock, account } = laneOf(sender);
    lane.main.take(itemOf(0));
    await clock.runUntil(() => sender.sent.length === 1);
    isWrong = false;
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 1, droppedTotal: 0 });
  });

  test('believes the refusal of a lone line when something else is delivered', async () => {
    const sender = senderThat((batch) =>
      textsOf([batch]).includes('poison') ? { status: 'split', reason: 'too large' } : { status: 'delivered' },
    );
    const { lane, clock, account } = laneOf(sender, { maxAgeMs: 10 });
    lane.main.take(itemOf(0, { raw: 'poison' }));
    await clock.runUntil(() => sender.sent.length === 1);
    expect(lane.pendingRecords).toBe(1);
    lane.main.take(itemOf(1));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 1, dropped: { 'too large': 1 } });
  });

  test('believes it at once when an event is refused that is sent again, and does not blame the destination', async () => {
    const sender = senderThat(() => ({ status: 'rejected', reason: 'HTTP 400' }));
    const { lane, clock } = laneOf(sender);
    let refusals = 0;
    for (let sequence = 0; sequence < 100; sequence += 1)
      lane.resend(encodable(eventOf({}, sequence)), () => {
        refusals += 1;
      });
    await clock.runUntil(() => refusals === 100);
    expect(lane.condition.state).toBe('ok');
  });

  test('is not called sound by an answer to what was sent before the destination failed', async () => {
    const answers = new Map<string, (result: SendResult) => void>();
    const sender: Sender = {
      ...senderThat(() => ({ status: 'delivered' })),
      send: ({ key }) => new Promise((resolve) => answers.set(key, resolve)),
    };
    const { lane, clock } = laneOf(sender, { limits: { ...roomyLimits, maxEvents: 1 } });
    lane.main.take(itemOf(0, { stream: 'a' }));
    lane.main.take(itemOf(1, { stream: 'b' }));
    await clock.runUntil(() => answers.size === 2);
    answers.get('a')?.({ status: 'retry', scope: 'destination', reason: 'down', retryAfterMs: 7000 });
    await clock.runUntil(() => lane.condition.state === 'retrying');
    answers.get('b')?.({ status: 'delivered' });
    await clock.runUntil(() => lane.pendingRecords === 1);
    expect(lane.condition).toEqual({ state: 'retrying', reason: 'down' });
  });

  test('treats what an adapter throws as its bug and keeps the lines', async () => {
    let isBroken = true;
    const sender = senderThat(() => {
      if (!isBroken) return { status: 'delivered' };
      isBroken = false;
      throw new TypeError('oops');
    });
    const { lane, clock, account } = laneOf(sender);
    lane.main.take(itemOf(0));
    await clock.runUntil(() => lane.pendingRecords === 0);
    expect(account.balance(0)).toMatchObject({ delivered: 1, droppedTotal: 0 });
  });

  test('accounts for every event and keeps order within each key while the service fails at random', async () => {
    const scope = fc.constantFrom('destination' as const, 'batch' as const);
    const failures = fc.array(
      fc.option(
        fc.oneof(
          scope.map((where): SendResult => ({ status: 'retry', scope: where, reason: 'busy' })),
          scope.map((where): SendResult => ({ status: 'denied', scope: where, reason: 'no' })),
        ),
      ),
      { maxLength: 40 },
    );
    const lines = fc.array(
      fc.record({ key: fc.nat(3), fate: fc.constantFrom('sound', 'sound', 'sound', 'poison', 'large') }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(failures, lines, async (script, written) => {
        const remaining = [...script];
        const accepted: string[] = [];
        const sender = senderThat((batch) => {
          const failure = remaining.shift() ?? undefined;
          if (failure !== undefined) return failure;
          if (textsOf([batch]).some((text) => text.endsWith('poison'))) return { status: 'rejected', reason: 'bad' };
          if (textsOf([batch]).some((text) => text.endsWith('large'))) return { status: 'split', reason: 'large' };
          accepted.push(...textsOf([batch]));
          return { status: 'delivered' };
        });
        const { lane, clock, account, feed } = laneOf(sender);
        for (const [sequence, { key, fate }] of written.entries()) {
          const raw = `${key}:${String(sequence).padStart(3, '0')} ${fate}`;
          feed.append(lane, itemOf(sequence, { stream: `key-${key}`, raw }));
        }
        // A refusal is believed when something else is delivered.
        let more = 0;
        for (; lane.pendingRecords > 0 && more < 20; more += 1) {
          const dayLater = clock.now() + 86_400_000;
          void clock.sleep(86_400_000, new AbortController().signal);
          feed.append(lane, itemOf(written.length + more, { stream: 'more', raw: 'more' }));
          await clock.runUntil(() => {
            feed.pump(lane);
            return lane.pendingRecords === 0 || clock.now() >= dayLater;
          });
        }
        const balance = account.balance(0);
        expect(unexplained(balance)).toBe(0);
        expect(balance.delivered).toBe(written.filter(({ fate }) => fate === 'sound').length + more);
        for (const name of ['0:', '1:', '2:', '3:']) {
          const ofKey = accepted.filter((text) => text.startsWith(name));
          expect(ofKey).toEqual(ofKey.toSorted());
        }
      }),
      { numRuns: 100 },
    );
  });
});
