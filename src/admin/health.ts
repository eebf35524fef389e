import { isNearMaxBacklog } from '../pipeline/backlog-alarms.ts';
import type { AgentStatus, DestinationStatus } from '../pipeline/status.ts';

/** What `/readyz` answers. */
export interface Readiness {
  readonly ready: boolean;
  /** What is wrong, for people. */
  readonly problems: readonly string[];
}

/**
 * How long a destination may get nowhere, or a reader stand still, before it is said: longer than a service's restart and
 * the back-off after it, shorter than anybody's patience.
 */
const patienceSeconds = 300;

const minutes = (seconds: number): string => `${Math.floor(seconds / 60)} min`;

const problemsOfReading = ({ source, sourceProblem, reader }: AgentStatus, nowMs: number): readonly string[] => {
  const silentSeconds = reader === undefined ? 0 : (nowMs - reader.soundAtMs) / 1000;
  return [
    ...(sourceProblem === undefined ? [] : [`source can't be read: ${sourceProblem}`]),
    ...(source.hidden === undefined
      ? []
      : [`rights hide a part of the source: ${source.hidden.readable} of ${source.hidden.total} journals can be read`]),
    ...(source.checkProblem === undefined ? [] : [`the source can't be checked: ${source.checkProblem}`]),
    ...(silentSeconds < patienceSeconds
      ? []
      : [`the source grows and nothing has been read of it for ${minutes(silentSeconds)}`]),
  ];
};

const problemsOf = ({
  name,
  checkpointProblem,
  stalledSeconds = 0,
  condition,
}: DestinationStatus): readonly string[] => [
  ...(checkpointProblem === undefined ? [] : [`checkpoint of ${name} can't be saved: ${checkpointProblem}`]),
  ...(stalledSeconds < patienceSeconds
    ? []
    : [`${name} has made no progress for ${minutes(stalledSeconds)} while lines wait: ${condition.reason}`]),
];

/** A destination that can't be started is not told from one that makes no progress. */
const problemsOfDenied = ({ denied, startedMs }: AgentStatus, nowMs: number): readonly string[] => {
  const isNew = startedMs === undefined || nowMs - startedMs < patienceSeconds * 1000;
  return isNew ? [] : denied.map(({ name, reason }) => `${name} ships nothing: ${reason}`);
};

/**
 * Ready means: all of the source is read, what is delivered is remembered, and every destination gets on. One that is down
 * for a while is no reason, since nothing is lost by it and a restart would not help; one that stays so, somebody must see.
 *
 * @param nowMs milliseconds since the epoch.
 */
export const readinessOf = (status: AgentStatus, nowMs: number): Readiness => {
  const problems = [
    ...problemsOfReading(status, nowMs),
    ...status.destinations.flatMap((destination) => problemsOf(destination)),
    ...problemsOfDenied(status, nowMs),
  ];
  return { ready: problems.length === 0, problems };
};

const describeOverdue = ({ name, waitsSinceMs = 0, maxBacklogSeconds = 0 }: DestinationStatus, nowMs: number): string =>
  `${name}: the oldest line has waited for ${minutes((nowMs - waitsSinceMs) / 1000)}, and max_backlog drops what waits ` +
  `longer than ${minutes(maxBacklogSeconds)}`;

/** All that a person should look at, at once: what makes the agent unready, what is denied, what the ledger can't explain. */
export const concernsOf = (status: AgentStatus, nowMs: number): readonly string[] => {
  const { problems } = readinessOf({ ...status, denied: [] }, nowMs);
  const refused = status.destinations.filter(
    ({ condition, stalledSeconds = 0 }) => condition.state === 'denied' && stalledSeconds < patienceSeconds,
  );
  const overdue = status.destinations.filter((destination) => isNearMaxBacklog(destination, nowMs));
  const wrong = status.destinations.filter(({ unexplained }) => unexplained !== 0);
  return [
    ...problems,
    ...status.denied.map(({ name, reason }) => `${name} ships nothing: ${reason}`),
    ...refused.map(({ name, condition }) => `${name} denies us: ${condition.reason}`),
    ...overdue.map((destination) => describeOverdue(destination, nowMs)),
    ...wrong.map(({ name, unexplained }) => `${name}: ${unexplained} lines are unexplained, which is a bug of sluice`),
  ];
};
