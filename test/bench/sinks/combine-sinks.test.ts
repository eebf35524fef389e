import { describe, expect, test } from '@jest/globals';
import { combineSinks } from './combine-sinks.ts';
import type { Sink } from './sink.ts';

const sinkOf = (name: string, events: number, uniqueIds: number): Sink => ({
  destinations: { [name]: { type: name } },
  count: async () => await Promise.resolve({ events, uniqueIds }),
  close: () => undefined,
});

describe('several sinks', () => {
  test('have all lines when the last one has them, and the repetitions of all', async () => {
    const all = combineSinks([sinkOf('file', 100, 100), sinkOf('loggly', 93, 90), sinkOf('cloudwatch', 98, 97)]);
    expect(await all.count()).toEqual({ events: 94, uniqueIds: 90 });
  });

  test('are destinations of one configuration', () => {
    const { destinations } = combineSinks([sinkOf('file', 0, 0), sinkOf('loggly', 0, 0)]);
    expect(destinations).toEqual({ file: { type: 'file' }, loggly: { type: 'loggly' } });
  });
});
