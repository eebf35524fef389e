import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FakeRequest } from './exchange.ts';
import { startFakeServer, type FakeServer } from './fake-server.ts';

const serve = ({ body }: FakeRequest) => ({
  answer: { status: 200, body: 'taken' },
  accepted: [{ key: '', id: body.toString(), text: body.toString() }],
});

/** A source of numbers that repeats itself. */
const cycle = (...numbers: readonly number[]) => {
  let at = -1;
  return () => numbers[(at += 1) % numbers.length] ?? 0;
};

let fake: FakeServer;

beforeEach(async () => {
  fake = await startFakeServer(serve);
});

afterEach(async () => {
  await fake.close();
});

const post = async (body: string): Promise<string> => {
  try {
    const response = await fetch(fake.url, { method: 'POST', body });
    return `${response.status} ${await response.text()}`;
  } catch {
    return 'failed';
  }
};

describe('a fake server', () => {
  test('keeps what it took in order, and answers', async () => {
    expect([await post('a'), await post('b')]).toEqual(['200 taken', '200 taken']);
    expect(fake.received.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('fails as often as told, in the order told, and is sound again', async () => {
    fake.failNext({ kind: 'reset' });
    fake.failNext({ kind: 'status', status: 503, body: 'later' }, 2);
    const answers = [await post('a'), await post('b'), await post('c'), await post('d')];
    expect(answers).toEqual(['failed', '503 later', '503 later', '200 taken']);
    expect(fake.received.map(({ id }) => id)).toEqual(['d']);
  });

  test.each(['accept, then reset', 'accept, then truncate', 'accept, then answer nonsense'] as const)(
    'keeps what it took before it went wrong: %s',
    async (kind) => {
      fake.failNext({ kind });
      expect(await post('a')).not.toBe('200 taken');
      expect(fake.received.map(({ id }) => id)).toEqual(['a']);
    },
  );

  test('fails at random at the given rate, the same for the same numbers', async () => {
    const faults = [{ kind: 'reset' }, { kind: 'status', status: 500, body: 'oops' }] as const;
    fake.chaos({ random: cycle(0.9, 0.1, 0.7), rate: 0.5, faults });
    expect([await post('a'), await post('b'), await post('c')]).toEqual(['200 taken', '500 oops', '200 taken']);
    fake.chaos(undefined);
    expect(await post('d')).toBe('200 taken');
  });

  test('is closed twice, with a request on its way', async () => {
    fake.failNext({ kind: 'hang' });
    const answer = post('a');
    await fake.waitForRequests(1);
    await fake.close();
    await fake.close();
    expect(await answer).toBe('failed');
  });
});
