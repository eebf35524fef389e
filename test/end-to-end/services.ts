import { awsTestEnvironment } from '../fakes/cloudwatch/isolate-aws.ts';
import { FakeCloudwatch } from '../fakes/cloudwatch/server.ts';
import type { FakeServer } from '../fakes/http/fake-server.ts';
import { startFakeLogdna } from '../fakes/logdna.ts';
import { startFakeLoggly } from '../fakes/loggly.ts';
import { passingCloudwatchFaults, passingLogdnaFaults, passingLogglyFaults } from './chaos.ts';
import { type Arrival, fromLogdna, fromStructured } from './arrival.ts';

/** A service that the agent ships to. */
export interface Service {
  readonly name: string;
  /** How many events it has taken, repetitions included. */
  readonly taken: () => number;
  /** How many of them its client could not know of. */
  readonly unanswered: () => number;
  /** All that it took so far, in order. */
  readonly arrivals: () => readonly Arrival[];
  /** Numbers of lines that it asked for again one by one, so that they may come late. */
  readonly askedAgain: ReadonlySet<number>;
  readonly close: () => Promise<void>;
}

export interface Services {
  readonly all: readonly Service[];
  /** The `destinations` of a configuration. */
  readonly destinations: string;
  readonly environment: Readonly<Record<string, string>>;
}

const token = 'e2e-token';

const lane = '{ max_age: 300ms, max_events: 150 }';

/** Reads each event once, however often it is asked for. */
const readerOf = <Received>(received: () => readonly Received[], toArrival: (event: Received) => Arrival) => {
  const arrivals: Arrival[] = [];
  return (): readonly Arrival[] => {
    for (const event of received().slice(arrivals.length)) arrivals.push(toArrival(event));
    return arrivals;
  };
};

const overHttp = (
  name: string,
  server: FakeServer,
  toArrival: (text: string) => Arrival,
  askedAgain: ReadonlySet<number>,
): Service => ({
  name,
  taken: () => server.received.length,
  unanswered: () => server.unanswered,
  arrivals: readerOf(
    () => server.received,
    ({ text }) => toArrival(text),
  ),
  askedAgain,
  close: () => server.close(),
});

/** Starts the three services. Of their requests, `rate` go wrong in all ways after which a line may yet be delivered. */
export const startServices = async (random: () => number, rate: number): Promise<Services> => {
  const cloudwatch = await FakeCloudwatch.start({ chaos: { random, rate, faults: passingCloudwatchFaults } });
  const [loggly, logdna] = await Promise.all([startFakeLoggly(token), startFakeLogdna(token)]);
  const askedAgain = new Set<number>();
  loggly.chaos({ random, rate, faults: passingLogglyFaults });
  logdna.chaos({ random, rate, faults: passingLogdnaFaults((number) => askedAgain.add(number)) });
  const service: Service = {
    name: 'cloudwatch',
    taken: () => cloudwatch.received.length,
    unanswered: () => cloudwatch.unanswered,
    arrivals: readerOf(
      () => cloudwatch.received,
      ({ message }) => fromStructured(message),
    ),
    askedAgain: new Set(),
    close: () => cloudwatch.close(),
  };
  return {
    all: [
      service,
      overHttp('loggly', loggly, fromStructured, new Set()),
      overHttp('logdna', logdna, fromLogdna, askedAgain),
    ],
    destinations: `
  cloudwatch: { endpoint: '${cloudwatch.url}', region: us-east-1, timeout: 2s, batch: ${lane} }
  loggly: { endpoint: '${loggly.url}', token: ${token}, timeout: 2s, batch: ${lane} }
  logdna: { endpoint: '${logdna.url}', key: ${token}, timeout: 2s, batch: ${lane} }
`,
    environment: awsTestEnvironment,
  };
};
