import type { Logger, LogEvent, Source, Start } from '#sdk';
import { CheckpointStore } from '../../src/checkpoint/store.ts';
import { keep, type Verdict } from '../../src/event/verdict.ts';
import { Joiner } from '../../src/normalize/join.ts';
import { createNormalizer } from '../../src/normalize/normalize.ts';
import { Agent } from '../../src/pipeline/agent.ts';
import type { AgentPlan } from '../../src/pipeline/agent-plan.ts';
import { Assembler } from '../../src/pipeline/assembler.ts';
import { EventTap } from '../../src/pipeline/event-tap.ts';
import { createPolicy } from '../../src/policy/policy.ts';
import type { Rule } from '../../src/policy/rules/rule.ts';
import type { MemoryDestination } from './memory-destination.ts';
import { silentLogger } from './silent-logger.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface MemoryAgentOptions {
  readonly source: Source;
  readonly destinations: readonly MemoryDestination[];
  readonly state: string;
  readonly clock: VirtualClock;
  readonly memoryBytes?: number;
  /** Longest line that is put together of pieces. */
  readonly maxMessageBytes?: number;
  readonly maxEvents?: number;
  readonly rules?: readonly Rule[];
  readonly start?: Start;
  readonly tap?: EventTap;
  readonly logger?: Logger;
}

const defaultMaxMessageBytes = 1_000_000;
const maxOpenLines = 1000;

/** Real joins and normalization; all is kept unless said otherwise. */
export const memoryAssembler = (
  judge: (event: LogEvent) => Verdict = () => keep,
  tap: EventTap = new EventTap([]),
  maxOpenBytes = 10_000_000,
  maxMessageBytes = defaultMaxMessageBytes,
): Assembler => {
  const normalize = createNormalizer({
    host: () => ({ name: 'host-1', machineId: undefined, cloud: {} }),
    naming: 'sluice',
    streamField: undefined,
    labels: {},
    maxNewServicesPerHour: 1000,
    onServiceOverflow: () => undefined,
  });
  return new Assembler(new Joiner({ maxMessageBytes, maxOpenLines, maxOpenBytes }), normalize, judge, tap);
};

/** What such an agent is asked to do, at its start or by a reload. */
export const memoryPlan = (options: Omit<MemoryAgentOptions, 'state' | 'clock'>): AgentPlan => {
  const { source, destinations, maxEvents, maxMessageBytes, rules = [], tap, start = { kind: 'beginning' } } = options;
  const policy = createPolicy({ rules, routes: [], destinations: destinations.map(({ name }) => name) });
  return {
    source,
    start,
    destinations: destinations.map((destination) => destination.config(maxEvents)),
    createAssembler: (maxOpenBytes) => memoryAssembler(policy.createJudge(), tap, maxOpenBytes, maxMessageBytes),
    createReplayAssembler: (maxOpenBytes, narrow) =>
      memoryAssembler(narrow(policy.createJudge()), undefined, maxOpenBytes, maxMessageBytes),
  };
};

/**
 * A whole agent but for the network and the operating system: real feeds, lanes, joins, policy and checkpoints. Without
 * rules everything goes everywhere.
 */
export const memoryAgent = (options: MemoryAgentOptions): Agent => {
  const { state, clock, memoryBytes = 8 * 1024 * 1024, logger = silentLogger } = options;
  return new Agent({
    plan: memoryPlan(options),
    state,
    store: new CheckpointStore(state, () => clock.now()),
    memoryBytes,
    clock,
    random: () => 0.5,
    logger: () => logger,
    environment: {},
    host: 'host-1',
    onSourceFailed: (error) => {
      throw error;
    },
  });
};
