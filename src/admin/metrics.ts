import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { AgentStatus, DestinationStatus } from '../pipeline/status.ts';

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
  // Without labels one would come into being all the same, as 0.
  if (samples.length === 0) return;
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

type AddGauge = (name: string, help: string, samples: Samples) => void;

/** A figure that is not known has no sample. */
const known = (samples: readonly (readonly [Labels, number | undefined])[]): Samples =>
  samples.flatMap(([labels, value]) => (value === undefined ? [] : [[labels, value] as const]));

/** What has no end is `+Inf` to Prometheus. */
const endless = (seconds: number | string | undefined): number | undefined =>
  typeof seconds === 'string' ? Number.POSITIVE_INFINITY : seconds;

const readerStates = ['reading', 'idle', 'paused', 'standing still', 'failed'] as const;

const addReading = ({ reader, source, queue, memory }: AgentStatus, nowMs: number, gauge: AddGauge): void => {
  gauge(
    'sluice_reader_state',
    '1 for what reading does; paused: memory is full of what no destination takes',
    readerStates.map((state) => [{ state }, reader?.state === state ? 1 : 0] as const),
  );
  gauge(
    'sluice_reader_silent_seconds',
    'How long a reader has got nothing of a source that grows',
    known([[{}, reader === undefined ? undefined : Math.max(0, (nowMs - reader.soundAtMs) / 1000)]]),
  );
  gauge('sluice_source_hidden', '1 when rights hide a part of the source', [[{}, source.hidden === undefined ? 0 : 1]]);
  gauge('sluice_memory_used_bytes', 'All that is held of events, estimated', known([[{}, memory?.usedBytes]]));
  gauge('sluice_memory_budget_bytes', 'What it may take', known([[{}, memory?.budgetBytes]]));
  gauge(
    'sluice_queue_capacity_seconds',
    'How long the journal holds a line at present rates',
    known([[{}, endless(queue?.capacitySeconds)]]),
  );
  gauge('sluice_queue_used_bytes', 'What the journal takes', known([[{}, queue?.usedBytes]]));
  gauge('sluice_queue_max_bytes', 'What it may take', known([[{}, queue?.maxBytes]]));
  gauge(
    'sluice_queue_persistent',
    '1 when the journal outlives a reboot',
    known([[{}, queue === undefined ? undefined : Number(queue.persistent)]]),
  );
  const { gapDetection } = source;
  gauge('sluice_gap_detection', '1 while lines that are missing from the journal are found', [
    [{}, gapDetection.state === 'on' ? 1 : 0],
  ]);
  gauge(
    'sluice_source_rewound',
    'How often the numbers of the journal ran backwards',
    known([[{}, gapDetection.state === 'on' ? (gapDetection.rewound?.count ?? 0) : undefined]]),
  );
};

const addDelivery = ({ destinations }: AgentStatus, gauge: AddGauge): void => {
  const perDestination = (value: (destination: AgentStatus['destinations'][number]) => number | undefined): Samples =>
    known(destinations.map((destination) => [{ destination: destination.name }, value(destination)] as const));
  gauge(
    'sluice_destination_stalled_seconds',
    'How long it has got nowhere while lines wait',
    perDestination(({ stalledSeconds }) => stalledSeconds),
  );
  gauge(
    'sluice_destination_parked_keys',
    'Batch keys set aside because the service refuses them alone',
    perDestination(({ parkedKeys }) => parkedKeys),
  );
  gauge(
    'sluice_lines_parked',
    'Lines of them that wait',
    perDestination(({ parkedLines }) => parkedLines),
  );
  gauge(
    'sluice_dead_letters',
    'Events that the service refused for good and that are kept on disk',
    perDestination(({ deadLetters }) => deadLetters?.letters),
  );
  gauge(
    'sluice_seconds_until_loss',
    'Until lines are lost if it takes none: the nearer of vacuum and window',
    perDestination(({ secondsUntilLoss }) => endless(secondsUntilLoss)),
  );
};

const byReason = (
  destinations: readonly DestinationStatus[],
  tallyOf: (destination: DestinationStatus) => Readonly<Record<string, number>>,
): Samples =>
  destinations.flatMap((destination) =>
    Object.entries(tallyOf(destination)).map(
      ([reason, count]) => [{ destination: destination.name, reason }, count] as const,
    ),
  );

/** All metrics of one moment. They are made from the status at each scrape, so that nothing is counted twice. */
const statusMetrics = (status: AgentStatus, nowMs: number): Registry => {
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
  if (source.reader !== undefined) {
    counter('sluice_reader_mismatch_total', 'Times that reading journal files and journalctl gave different entries', [
      [{ source: source.name }, source.reader.mismatches],
    ]);
  }
  counter(
    'sluice_lines_lost_total',
    'Lines that others lost before they could be read',
    byReason(destinations, ({ balance }) => balance.lost),
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
    byReason(destinations, ({ balance }) => balance.dropped),
  );
  counter(
    'sluice_lines_resent_total',
    'Lines sent more than once',
    perDestination(({ resent }) => resent),
  );
  counter(
    'sluice_lines_originated_total',
    'Notices of its own that it delivered',
    perDestination(({ originated }) => originated),
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
  counter(
    'sluice_requests_total',
    'Requests to the service',
    perDestination(({ requests = 0 }) => requests),
  );
  counter(
    'sluice_requests_repeated_total',
    'Requests of them that did not settle their lines',
    perDestination(({ retries = 0 }) => retries),
  );
  addReading(status, nowMs, gauge);
  addDelivery(status, gauge);
  return registry;
};

/** Renders metrics in the Prometheus text format. */
export const createMetrics = (): ((status: AgentStatus, nowMs: number) => Promise<string>) => {
  const processMetrics = createProcessMetrics();
  return async (status, nowMs) => await Registry.merge([processMetrics, statusMetrics(status, nowMs)]).metrics();
};
