import type { Config, DestinationConfig } from '../config/config.ts';
import type { LogEvent } from '../event/event.ts';
import { Joiner } from '../normalize/join.ts';
import { createNormalizer, defaultMaxNewServicesPerHour } from '../normalize/normalize.ts';
import type { OnServiceOverflow } from '../normalize/service-cap.ts';
import type { HostFacts } from '../platform/host-identity.ts';
import { createPolicy, type Judge, type Policy } from '../policy/policy.ts';
import { sourceOptions } from '../sources/index.ts';
import { Assembler } from './assembler.ts';
import type { EventTap } from './event-tap.ts';
import { journalFields } from './journal-fields.ts';
import { templateFields } from './templates.ts';

/** What of the surroundings makes a difference to events and verdicts. */
export interface AssemblySurroundings {
  /** This host, as far as it is known at the time. */
  readonly host: () => HostFacts;
  /** This host's machine id, where other hosts' lines are not wanted; undefined: all are. */
  readonly ownMachineId: string | undefined;
  /** Tells the agent's own lines. */
  readonly isOwn: (event: LogEvent) => boolean;
  readonly onServiceOverflow: OnServiceOverflow;
}

/** What makes items of records, as a configuration wants it. */
export interface Assembly {
  readonly policy: Policy;
  /** The journal fields that are looked at, to be asked for from the source. */
  readonly fields: readonly string[];
  /** Made for each feed: it holds the joins that are open at the feed's position, in so many bytes of memory. */
  readonly createAssembler: (judge: Judge, tap: EventTap, maxOpenBytes: number) => Assembler;
}

/** Lines that are open at once; each container has two streams. */
const maxOpenLines = 2000;

/** Journal fields that a destination's templates read. */
const fieldsOfDestination = (destination: DestinationConfig): readonly string[] =>
  destination.status === 'ready' ? templateFields(destination.options) : [];

const fieldsRead = ({ naming, destinations }: Config<typeof sourceOptions>, policy: Policy): readonly string[] => [
  ...journalFields,
  ...policy.fields,
  ...(naming.streamField === undefined ? [] : [naming.streamField]),
  ...destinations.flatMap(fieldsOfDestination),
];

/** Wires joins, normalization and policy: one for all feeds, and for the cases of `sluice test`. */
export const createAssembly = (
  config: Config<typeof sourceOptions>,
  { host, ownMachineId, isOwn, onServiceOverflow }: AssemblySurroundings,
): Assembly => {
  const { naming, labels, rules, routes } = config;
  const journald = config.sources.journald ?? sourceOptions.journald.parse({});
  const destinations = config.destinations.filter(({ status }) => status !== 'off').map(({ name }) => name);
  const policy = createPolicy({
    rules,
    routes,
    destinations,
    ...(ownMachineId !== undefined && { ownMachineId }),
    isOwn,
  });
  const normalize = createNormalizer({
    host,
    naming: naming.preset,
    streamField: naming.streamField,
    labels,
    maxNewServicesPerHour: defaultMaxNewServicesPerHour,
    onServiceOverflow,
  });
  const maxMessageBytes = journald.max_message;
  return {
    policy,
    fields: fieldsRead(config, policy),
    createAssembler: (judge, tap, maxOpenBytes) =>
      new Assembler(new Joiner({ maxMessageBytes, maxOpenLines, maxOpenBytes }), normalize, judge, tap),
  };
};
