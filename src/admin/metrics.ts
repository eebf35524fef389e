import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { AgentStatus } from '../pipeline/status.ts';

type Labels = Readonly<Record<string, string>>;
type Samples = readonly (readonly [Labels, number])[];

/** Node's own figures: memory, CPU, event loop lag. */
const createProcessMetrics = (): Registry => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
};

const addMetric = (
  registry: Registry,
  kind: 'counter' | 'gauge',
  name: string,
  help: string,
  samples: Samples,
): void => {
  const labelNames = Object.keys(samples[0]?.[0] ?? {});
  const options = { name, help, labelNames, registers: [registry] };
  if (kind === 'counter') {
    const counter = new Counter(options);
    for (const [labels, value] of samples) counter.inc(labels, value);
  } else {
    const gauge = new Gauge(options);
    for (const [labels, value] of samples) gauge.set(labels, value);
  }
};

const states = ['ok', 'retrying', 'denied'] as const;

const statesOf = ({ destinations, denied }: AgentStatus) => [
  ...destinations.map(({ name, condition: { state } }) => ({ name, state })),
  ...denied.map(({ name }) => ({ name, state: 'denied' as const })),
];

/** All metrics of one moment. They are made from the status at each scrape, so that nothing is counted twice. */
const statusMetrics = (status: AgentStatus): Registry => {
  const registry = new Registry();
  const counter = addMetric.bind(undefined, registry, 'counter');
  const gauge = addMetric.bind(undefined, registry, 'gauge');
  const { destinations, source } = status;
  const perDestination = (value: (destination: AgentStatus['destinations'][number]) => number): Samples =>
    destinations.map((destination) => [{ destination: destination.name }, value(destination)]);

  counter('sluice_lines_read_total', 'Lines that the source handed over', [
    [{ source: source.name }, status.recordsRead],
  ]);
  counter('sluice_bytes_read_total', 'Bytes of them as read', [[{ source: source.name }, status.bytesRead]]);
  counter(
    'sluice_lines_lost_total',
    'Lines that others lost before they could be read',
    Object.entries(status.lost).map(([reason, count]) => [{ reason }, count]),
  );
  counter(
    'sluice_destination_lines_read_total',
    'Lines handed to a destination',
    perDestination(({ balance }) => balance.read),
  );
  counter(
    'sluice_lines_delivered_total',
    'Lines delivered',
    perDestination(({ balance }) => balance.delivered),
  );
  counter(
    'sluice_lines_uncertain_total',
    'Lines of batches refused in unknown part',
    perDestination(({ balance }) => balance.uncertain),
  );
  counter(
    'sluice_lines_dropped_total',
    'Lines that a destination did not get, by reason',
    destinations.flatMap(({ name, balance }) =>
      Object.entries(balance.dropped).map(([reason, count]): [Labels, number] => [
        { destination: name, reason },
        count,
      ]),
    ),
  );
  counter(
    'sluice_lines_resent_total',
    'Lines sent more than once',
    perDestination(({ resent }) => resent),
  );
  counter(
    'sluice_bytes_billed_total',
    'Bytes taken by the service, as it counts them',
    perDestination(({ billedBytes }) => billedBytes),
  );
  gauge(
    'sluice_lines_pending',
    'Lines read and not settled',
    perDestination(({ balance }) => balance.pending),
  );
  gauge(
    'sluice_lines_unexplained',
    'Lines that the ledger can not explain; not 0 is a bug',
    perDestination(({ unexplained }) => unexplained),
  );
  gauge(
    'sluice_lag_seconds',
    'How far behind the newest line',
    perDestination(({ lagSeconds }) => lagSeconds),
  );
  gauge(
    'sluice_lag_lines',
    'How many lines behind the newest',
    destinations.flatMap(({ name, lagLines }) =>
      lagLines === undefined ? [] : [[{ destination: name }, lagLines] as const],
    ),
  );
  gauge(
    'sluice_destination_state',
    '1 for the state that the destination is in',
    statesOf(status).flatMap(({ name, state }) =>
      states.map((each) => [{ destination: name, state: each }, each === state ? 1 : 0] as const),
    ),
  );
  gauge(
    'sluice_checkpoint_failing',
    '1 while its checkpoint can not be saved',
    perDestination(({ checkpointProblem }) => (checkpointProblem === undefined ? 0 : 1)),
  );
  gauge('sluice_feeds', 'Readers of the source', [[{}, status.feeds]]);
  gauge('sluice_window_bytes', 'Memory of the feeds, estimated', [[{}, status.windowBytes]]);
  return registry;
};

/** Renders metrics in the Prometheus text format. */
export const createMetrics = (): ((status: AgentStatus) => Promise<string>) => {
  const processMetrics = createProcessMetrics();
  return async (status) => await Registry.merge([processMetrics, statusMetrics(status)]).metrics();
};
