import { describe, expect, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { batchOf } from '../../test/support/lane-entries.ts';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sender } from '../sdk/adapter.ts';
import { delivered } from '../sdk/send-result.ts';
import { createAttempt } from './attempt.ts';

const senderThat = (send: Sender['send']): Sender => ({
  batchKey: () => '',
  encode: () => '',
  send,
  close: () => Promise.resolve(),
});

describe('createAttempt', () => {
  test('ends a request that the adapter never ends, and tells it so', async () => {
    const clock = new VirtualClock();
    let told: unknown;
    const sender = senderThat(
      (_, signal) => new Promise(() => signal.addEventListener('abort', () => (told = signal.reason))),
    );
    let status = '';
    const attempt = createAttempt(sender, 60_000, clock, silentLogger);
    void attempt(batchOf(1), new AbortController().signal).then((result) => (status = result.status));
    await clock.runUntil(() => status !== '');
    expect(status).toBe('retry');
    expect(told).toEqual(new Error('no answer within 60 s'));
  });

  test('leaves neither a timer nor a listener behind, whatever the adapter hung on the signal of its request', async () => {
    const timers = new Set<AbortSignal>();
    const clock: Clock = {
      now: () => 0,
      monotonic: () => 0,
      nextTurn: () => Promise.resolve(),
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          timers.add(signal);
          signal.addEventListener('abort', () => {
            timers.delete(signal);
            reject(signal.reason);
          });
        }),
    };
    const lane = new AbortController();
    const sender = senderThat((_, signal) => {
      signal.addEventListener('abort', () => undefined);
      return Promise.resolve(delivered);
    });
    const attempt = createAttempt(sender, 60_000, clock, silentLogger);
    for (let count = 0; count < 3; count += 1) await attempt(batchOf(1), lane.signal);
    expect(timers.size).toBe(0);
    expect(getEventListeners(lane.signal, 'abort')).toEqual([]);
  });

  test('ends a request when the lane stops', async () => {
    const lane = new AbortController();
    const sender = senderThat(() => new Promise(() => undefined));
    const attempt = createAttempt(sender, 60_000, new VirtualClock(), silentLogger);
    const result = attempt(batchOf(1), lane.signal);
    lane.abort();
    await expect(result).resolves.toMatchObject({ status: 'retry', reason: 'stopped while sending' });
  });
});
