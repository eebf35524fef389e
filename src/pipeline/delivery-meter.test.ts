import { describe, expect, test } from '@jest/globals';
import { batchOf } from '../../test/support/lane-entries.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Sender } from '../sdk/adapter.ts';
import { delivered, type SendResult } from '../sdk/send-result.ts';
import { DeliveryMeter } from './delivery-meter.ts';

const senderOf = (send: () => Promise<SendResult>): Sender => ({
  batchKey: () => 'key',
  encode: () => 'text',
  send,
  close: () => Promise.resolve(),
});

/** What the meter shows after answers to batches of ten lines each. */
const after = async (...answers: readonly (SendResult | Error)[]) => {
  const meter = new DeliveryMeter(new VirtualClock());
  for (const answer of answers) {
    const sender = meter.watch(
      senderOf(async () => {
        if (answer instanceof Error) throw answer;
        return answer;
      }),
    );
    await sender.send(batchOf(10), new AbortController().signal).catch(() => undefined);
  }
  return meter.figures();
};

describe('DeliveryMeter', () => {
  test.each<[string, SendResult, number]>([
    ['took 10 lines', delivered, 0],
    [
      'took 7 of 10 lines: too old',
      { status: 'partial', rejected: [{ index: 1, reason: 'too old' }], retry: [2, 3] },
      0,
    ],
    ['took 9 of 10 lines: one is bad', { status: 'accepted', rejectedUnknown: 1, reason: 'one is bad' }, 0],
    ['HTTP 503', { status: 'retry', scope: 'destination', reason: 'HTTP 503' }, 1],
    ['no right', { status: 'denied', scope: 'batch', reason: 'no right' }, 1],
    ['no JSON', { status: 'rejected', reason: 'no JSON' }, 0],
  ])('keeps the last answer: %s', async (text, answer, retries) => {
    expect(await after(delivered, answer)).toMatchObject({ requests: 2, retries, lastAnswer: { text } });
  });

  test('keeps the bug of an adapter, and passes it on', async () => {
    expect(await after(new Error('oops'))).toMatchObject({ requests: 1, retries: 1, lastAnswer: { text: 'oops' } });
    const sender = new DeliveryMeter(new VirtualClock()).watch(senderOf(() => Promise.reject(new Error('oops'))));
    await expect(sender.send(batchOf(1), new AbortController().signal)).rejects.toThrow('oops');
  });

  test('keeps no more of an answer than a screen shows', async () => {
    const { lastAnswer } = await after({ status: 'retry', scope: 'batch', reason: 'x'.repeat(10_000) });
    expect(lastAnswer?.text).toHaveLength(500);
  });
});
