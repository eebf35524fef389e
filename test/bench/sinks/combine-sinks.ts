import type { Sink } from './sink.ts';

/** Several sinks that each get all lines, as one: it has what the one that is farthest behind has, and all repetitions. */
export const combineSinks = (sinks: readonly Sink[]): Sink => ({
  destinations: Object.assign({}, ...sinks.map(({ destinations }) => destinations)) as Sink['destinations'],
  count: async () => {
    const all = await Promise.all(sinks.map(async (sink) => await sink.count()));
    const uniqueIds = Math.min(...all.map(({ events, uniqueIds: unique = events }) => unique));
    const repetitions = all.reduce((sum, { events, uniqueIds: unique = events }) => sum + events - unique, 0);
    return { events: uniqueIds + repetitions, uniqueIds };
  },
  close: () => {
    for (const sink of sinks) sink.close();
  },
});
