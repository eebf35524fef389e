import { z } from 'zod';
import { fromLogdna, fromStructured, type Arrival } from '../end-to-end/arrival.ts';
import type { Service } from '../end-to-end/services.ts';
import { FakeCloudwatch } from '../fakes/cloudwatch/server.ts';
import type { ReceivedEvent } from '../fakes/http/exchange.ts';
import type { FakeServer } from '../fakes/http/fake-server.ts';
import { startFakeLogdna } from '../fakes/logdna.ts';
import { startFakeLoggly } from '../fakes/loggly.ts';
import { behaviourOf, type Mood } from './mood.ts';

/** An arrival and whose it is, by the service's own filing. */
export interface FiledArrival extends Arrival {
  readonly service: string;
}

/** A service that the agent ships to, and its moods. */
export interface ChaosService extends Service {
  readonly arrivals: () => readonly FiledArrival[];
  readonly askedAgain: Set<number>;
  readonly setMood: (mood: Mood) => void;
  /** The `destinations` entry of a configuration. */
  readonly destination: string;
}

export type CloudwatchService = ChaosService & { readonly fake: FakeCloudwatch };
export type HttpService = ChaosService & { readonly fake: FakeServer };

const token = 'chaos-token';

const lane = 'timeout: 2s, drain: 2s, batch: { max_age: 100ms, max_events: 60 }';

/** Reads each event once, however often it is asked for. */
const readerOf = <Received>(received: () => readonly Received[], toArrival: (event: Received) => FiledArrival) => {
  const arrivals: FiledArrival[] = [];
  return (): readonly FiledArrival[] => {
    for (const event of received().slice(arrivals.length)) arrivals.push(toArrival(event));
    return arrivals;
  };
};

const mezmoLine = z.looseObject({ app: z.string() });

const appOf = (text: string): string => mezmoLine.parse(JSON.parse(text)).app;

export const startCloudwatch = async (random: () => number): Promise<CloudwatchService> => {
  const fake = await FakeCloudwatch.start();
  return {
    name: 'cloudwatch',
    fake,
    taken: () => fake.received.length,
    unanswered: () => fake.unanswered,
    arrivals: readerOf(
      () => fake.received,
      ({ message, group }) => ({ ...fromStructured(message), service: group }),
    ),
    askedAgain: new Set<number>(),
    setMood: (mood) => {
      const { rate, cloudwatch } = behaviourOf(mood);
      fake.chaos = rate === 0 ? undefined : { random, rate, faults: cloudwatch };
    },
    destination: `  cloudwatch: { endpoint: '${fake.url}', region: us-east-1, ${lane} }`,
    close: () => fake.close(),
  };
};

const overHttp = (
  name: string,
  fake: FakeServer,
  random: () => number,
  toArrival: (event: ReceivedEvent) => FiledArrival,
  options: string,
): HttpService => ({
  name,
  fake,
  taken: () => fake.received.length,
  unanswered: () => fake.unanswered,
  arrivals: readerOf(() => fake.received, toArrival),
  askedAgain: new Set<number>(),
  setMood: (mood) => {
    const { rate, http } = behaviourOf(mood);
    fake.chaos(rate === 0 ? undefined : { random, rate, faults: http });
  },
  destination: `  ${name}: { ${options}, endpoint: '${fake.url}', ${lane} }`,
  close: () => fake.close(),
});

/** A Loggly under a name of its own: there may be several. */
export const startLoggly = async (random: () => number, name = 'loggly'): Promise<HttpService> =>
  overHttp(
    name,
    await startFakeLoggly(token),
    random,
    ({ text, key }) => ({ ...fromStructured(text), service: key }),
    `type: loggly, token: ${token}`,
  );

export const startLogdna = async (random: () => number): Promise<HttpService> =>
  overHttp(
    'logdna',
    await startFakeLogdna(token),
    random,
    ({ text }) => ({ ...fromLogdna(text), service: appOf(text) }),
    `key: ${token}`,
  );
