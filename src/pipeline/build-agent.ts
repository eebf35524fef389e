import { CheckpointStore } from '../checkpoint/store.ts';
import type { Config } from '../config/config.ts';
import { defaultMaxNewServicesPerHour } from '../normalize/normalize.ts';
import { overflowService } from '../normalize/service-cap.ts';
import { createOwnLines } from '../normalize/own-lines.ts';
import type { Clock } from '../platform/clock.ts';
import type { HostFacts } from '../platform/host-identity.ts';
import type { Logger } from '../sdk/logger.ts';
import type { Source, Start } from '../sdk/source.ts';
import { sourceOptions } from '../sources/index.ts';
import { createJournaldSource, machinesOf } from '../sources/journald/index.ts';
import { Agent } from './agent.ts';
import type { AgentPlan } from './agent-plan.ts';
import { createAssembly } from './assembly.ts';
import { EventTap } from './event-tap.ts';

/** What an agent is given by the process it runs in. */
export interface AgentSurroundings {
  readonly clock: Clock;
  /** In [0, 1); jitters back-off. */
  readonly random: () => number;
  readonly logger: (component: string) => Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** This host, as far as it is known at the time. */
  readonly host: () => HostFacts;
  readonly pid: number;
  /** When the process began, in milliseconds since the epoch. */
  readonly startedMs: number;
  /** Shows events as they pass. */
  readonly tap: EventTap;
  /** Reading ended for good. */
  readonly onSourceFailed: (error: unknown) => void;
}

/** A source to read instead of the configured one, and where to begin in it. */
export interface SourceOverride {
  readonly source: Source;
  readonly start: Start;
}

/** Wires what a configuration asks for. Nothing is read before it is run. */
export const planAgent = (
  config: Config<typeof sourceOptions>,
  surroundings: AgentSurroundings,
  override?: SourceOverride,
): AgentPlan => {
  const { clock, logger, environment, host } = surroundings;
  const journald = config.sources.journald ?? sourceOptions.journald.parse({});
  const { machineId } = host();
  const isOwnHostOnly = override === undefined && machinesOf(journald) === 'own';
  const { policy, fields, createAssembler } = createAssembly(config, {
    host,
    ownMachineId: isOwnHostOnly ? machineId : undefined,
    isOwn: createOwnLines({
      invocationId: environment['INVOCATION_ID'],
      pid: surroundings.pid,
      startedUs: surroundings.startedMs * 1000,
      machineId,
    }),
    onServiceOverflow: (service) =>
      logger('normalize').warn(
        { service },
        `more than ${defaultMaxNewServicesPerHour} new service names in an hour: further ones become ${overflowService}`,
      ),
  });
  return {
    source: override?.source ?? createJournaldSource(journald, { clock, logger: logger('journald'), fields }),
    start: override?.start ?? journald.start,
    destinations: config.destinations,
    createAssembler: (maxOpenBytes) => createAssembler(policy.createJudge(), surroundings.tap, maxOpenBytes),
    createReplayAssembler: (maxOpenBytes, narrow) =>
      createAssembler(narrow(policy.createJudge()), new EventTap([]), maxOpenBytes),
  };
};

/** Wires an agent from its configuration. Nothing is read or sent before it is started. */
export const buildAgent = (
  config: Config<typeof sourceOptions>,
  surroundings: AgentSurroundings,
  override?: SourceOverride,
): Agent => {
  const { clock, logger, environment, host } = surroundings;
  return new Agent({
    plan: planAgent(config, surroundings, override),
    state: config.state,
    store: new CheckpointStore(config.state, () => clock.now()),
    memoryBytes: config.memoryBytes,
    clock,
    random: surroundings.random,
    logger,
    environment,
    host: host().name,
    onSourceFailed: surroundings.onSourceFailed,
  });
};
