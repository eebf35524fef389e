import { describe, expect, test } from '@jest/globals';
import { Turns } from './turns.ts';

/** In which turn each of `steps` steps was done that take so long each, and in which order. */
const done = async (steps: number, tookMs: number): Promise<{ turns: readonly number[]; order: readonly number[] }> => {
  let nowMs = 0;
  let turn = 0;
  const turns: number[] = [];
  const order: number[] = [];
  const count = (): void => {
    turn += 1;
    if (turns.length < steps) setImmediate(count);
  };
  setImmediate(count);
  const shared = new Turns(() => nowMs);
  const step = async (index: number): Promise<void> => {
    await shared.next();
    nowMs += tookMs;
    turns.push(turn);
    order.push(index);
  };
  await Promise.all(Array.from({ length: steps }, (_, index) => step(index)));
  return { turns, order };
};

describe('steps that share turns of the event loop', () => {
  test('are done in one turn while that has time', async () => {
    expect((await done(5, 1)).turns).toEqual([1, 1, 1, 1, 1]);
  });

  test('are done in the next where those before took the time, in the order in which they asked', async () => {
    expect(await done(5, 3)).toEqual({ turns: [1, 1, 2, 2, 3], order: [0, 1, 2, 3, 4] });
  });

  test('do not wait for those that ask later, however many of these there are', async () => {
    let nowMs = 0;
    const shared = new Turns(() => nowMs);
    const order: string[] = [];
    const step = async (name: string): Promise<void> => {
      await shared.next();
      nowMs += 5;
      order.push(name);
    };
    const other = Promise.withResolvers<void>();
    setImmediate(() => {
      other.resolve(step('another'));
    });
    for (const name of ['first', 'second', 'third', 'fourth']) await step(name);
    await other.promise;
    expect(order).toEqual(['first', 'another', 'second', 'third', 'fourth']);
  });

  test('have one a turn where each of them takes too long', async () => {
    expect((await done(3, 20)).turns).toEqual([1, 2, 3]);
  });
});
