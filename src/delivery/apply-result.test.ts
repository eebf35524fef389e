import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { batchOf, roomyLimits } from '../../test/support/lane-entries.ts';
import type { SendResult } from '../sdk/send-result.ts';
import { applyResult } from './apply-result.ts';

const indexes = fc.array(fc.nat(12), { maxLength: 12 });
const scope = fc.constantFrom('destination' as const, 'batch' as const);
const results: fc.Arbitrary<SendResult> = fc.oneof(
  fc.constant<SendResult>({ status: 'delivered' }),
  fc.tuple(indexes, indexes).map(([rejected, retry]): SendResult => ({
    status: 'partial',
    rejected: rejected.map((index) => ({ index, reason: 'no' })),
    retry,
  })),
  fc.nat(5).map((rejectedUnknown): SendResult => ({ status: 'accepted', rejectedUnknown, reason: 'some' })),
  scope.map((where): SendResult => ({ status: 'retry', scope: where, reason: 'busy' })),
  scope.map((where): SendResult => ({ status: 'denied', scope: where, reason: 'no rights' })),
  fc.constant<SendResult>({ status: 'split', reason: 'large' }),
  fc.constant<SendResult>({ status: 'rejected', reason: 'poison' }),
);

describe('applyResult', () => {
  test('settles or sends again every event, exactly once, whatever an adapter answers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), results, (count, result) => {
        const batch = batchOf(count);
        const plan = applyResult(batch, result, roomyLimits);
        const seen = [...plan.settled, ...plan.again].flatMap(({ entries }) => entries);
        expect(new Set(seen).size).toBe(seen.length);
        expect(new Set(seen)).toEqual(new Set(batch.entries));
        for (const again of plan.again) expect(again.entries.length).toBeGreaterThan(0);
      }),
    );
  });

  test('keeps the order of what is sent again', () => {
    const plan = applyResult(batchOf(5), { status: 'rejected', reason: 'poison' }, roomyLimits);
    expect(plan.again.flatMap(({ entries }) => entries.map(({ text }) => text))).toEqual(
      batchOf(5).entries.map(({ text }) => text),
    );
  });

  test('finds a poison event by bisection and rejects it alone, with the answer of the service', () => {
    const plan = applyResult(batchOf(1), { status: 'rejected', reason: 'bad field' }, roomyLimits);
    expect(plan).toMatchObject({ settled: [{ outcome: 'rejected', answer: 'bad field' }], again: [] });
  });

  test('says "uncertain" of a batch of which the service refused some without saying which', () => {
    const plan = applyResult(batchOf(2), { status: 'accepted', rejectedUnknown: 1, reason: '1 refused' }, roomyLimits);
    expect(plan.settled.map(({ outcome }) => outcome)).toEqual(['uncertain']);
  });
});
